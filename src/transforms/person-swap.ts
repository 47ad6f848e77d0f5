import type { Clip } from '../clip.ts'
import type { Random } from '../random.ts'
import { sometimes, type Transform } from './transform.ts'

/** With `probability`, puts the persons of a clip into another order, every other one as likely: two change places. Do and Kim, SkateFormer, ECCV 2024. */
export function personSwap({ probability = 0.5 }: { probability?: number } = {}): Transform {
  return sometimes(probability, (clip, random) => {
    if (clip.persons === 1) return clip
    for (;;) {
      const order = shuffled(clip.persons, random)
      if (order.some((from, person) => from !== person)) return inOrder(clip, order)
    }
  })
}

function shuffled(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, person) => person)
  for (let last = count - 1; last > 0; last--) {
    const drawn = random.integer(last + 1)
    ;[order[last], order[drawn]] = [order[drawn]!, order[last]!]
  }
  return order
}

/** Person `order[m]` becomes person m. */
function inOrder(clip: Clip, order: readonly number[]): Clip {
  return {
    ...clip, keypoints: rearranged(clip.keypoints, order, clip.joints * (clip.dims + 1)), states: rearranged(clip.states, order, clip.joints),
    raw: rearranged(clip.raw, order, clip.joints * clip.dims),
  }
}

function rearranged<A extends Float32Array | Uint8Array | null>(array: A, order: readonly number[], width: number): A
function rearranged(array: Float32Array | Uint8Array | null, order: readonly number[], width: number): Float32Array | Uint8Array | null {
  if (array === null) return null
  const out = array.slice()
  for (let body = 0; body * width < array.length; body++) {
    const from = (body - (body % order.length) + order[body % order.length]!) * width
    out.set(array.subarray(from, from + width), body * width)
  }
  return out
}
