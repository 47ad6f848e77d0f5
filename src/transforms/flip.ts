import type { Clip } from '../clip.ts'
import { mirrorOrder, type Skeleton } from '../skeleton.ts'
import { moved } from './affine.ts'
import { sometimes, type Transform } from './transform.ts'

/** With `probability`, the clip as a mirror shows it. */
export function flip({ skeleton, probability = 0.5 }: { skeleton: Skeleton; probability?: number }): Transform {
  return sometimes(probability, (clip) => mirrored(clip, skeleton))
}

/** x' = W - x in continuous pixel coordinates, left and right joints change places. Labels stay as they are, `view` included. */
export function mirrored(clip: Clip, skeleton: Skeleton): Clip {
  const order = mirrorOrder(skeleton)
  const turned = moved(clip, { xx: -1, xy: 0, yx: 0, yy: 1, dx: clip.width, dy: 0 })
  return { ...turned, keypoints: swapped(turned.keypoints, order, clip.dims + 1), states: swapped(turned.states, order, 1) }
}

function swapped<A extends Float32Array | Uint8Array | null>(array: A, order: readonly number[], width: number): A
function swapped(array: Float32Array | Uint8Array | null, order: readonly number[], width: number): Float32Array | Uint8Array | null {
  if (array === null) return null
  const out = array.slice()
  const person = order.length * width
  for (let at = 0; at < array.length; at += person) {
    for (let joint = 0; joint < order.length; joint++) {
      const from = at + order[joint]! * width
      for (let i = 0; i < width; i++) out[at + joint * width + i] = array[from + i]!
    }
  }
  return out
}
