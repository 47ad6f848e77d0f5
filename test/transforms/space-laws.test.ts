import { expect, test } from 'vitest'
import { type Affine, identity } from '../../src/affine.ts'
import type { Clip } from '../../src/clip.ts'
import { mirrorOrder } from '../../src/skeleton.ts'
import { spaceSteps } from '../../src/transforms/space-steps.ts'
import type { StepName } from '../../src/transforms/steps.ts'
import { always, clips, drawnAt } from './always.ts'
import { skeleton } from './examples.ts'

const flat = clips.filter(({ dims }) => dims === 2)

/** Pictures cannot follow them; they move joints within the picture; they make joints absent, or put them where they may be; they put persons into another order. */
const unfollowed = ['subtract', 'casa-normalise', 'random-move', 'axis-mask'] as const
const noisy = ['jitter', 'noise-angle', 'noise-translation', 'blur'] as const
const absenting = ['joint-mask', 'drop-joints', 'person-drop'] as const
const filling = ['fill-absent'] as const
const swapping = ['person-swap'] as const

function allBut(...left: readonly StepName[]): StepName[] {
  return (Object.keys(spaceSteps) as StepName[]).filter((name) => !left.includes(name))
}

test.each(allBut(...absenting, ...filling, ...swapping))('%s changes no confidence', (name) => {
  for (const clip of clips) expect(confidencesOf(always(name)(clip, drawnAt(clip)))).toEqual(confidencesOf(clip))
})

test.each(unfollowed)('%s says that no picture can follow', (name) => {
  for (const clip of flat) expect(always(name)(clip, drawnAt(clip)).placement?.xx).toBeNaN()
})

test.each([...noisy, ...absenting, ...filling, ...swapping])('%s leaves pictures where they are', (name) => {
  for (const clip of flat) expect(always(name)(clip, drawnAt(clip)).placement ?? identity).toEqual(identity)
})

test.each(allBut(...unfollowed, ...noisy, ...absenting, ...filling, ...swapping))('%s: the placement leads from where every joint was to where it is', (name) => {
  for (const clip of flat) {
    const { placement, keypoints } = always(name)(clip, drawnAt(clip))
    expect(keypoints).toBeAllclose(led(clip, placement!, name === 'flip' ? mirrorOrder(skeleton) : null), { atol: 1e-3, rtol: 0 })
  }
})

test.each(allBut(...noisy, ...filling))('%s: a box around the joints stays around them', (name) => {
  for (const clip of flat.filter(({ persons }) => persons === 1)) expect(farthestOut(always(name)({ ...clip, boxes: boxesAround(clip) }, drawnAt(clip)))).toBeLessThan(1e-5)
})

/** The confidences, those of each person's joints in order of size: a mirror swaps joints. */
function confidencesOf({ keypoints, dims, joints }: Clip): number[][] {
  const all = Array.from(keypoints!.filter((_, at) => at % (dims + 1) === dims))
  return Array.from({ length: all.length / joints }, (_, body) => all.slice(body * joints, (body + 1) * joints).sort())
}

/** The joints of a flat clip at the other end of an affine map, joint `order[j]` in place of joint j. */
function led({ keypoints, joints }: Clip, { xx, xy, yx, yy, dx, dy }: Affine, order: readonly number[] | null): number[] {
  return Array.from({ length: keypoints!.length / 3 }, (_, point) => {
    const from = order === null ? point : point - (point % joints) + order[point % joints]!
    const [x, y, confidence] = keypoints!.subarray(from * 3) as unknown as [number, number, number]
    return [xx * x + xy * y + dx, yx * x + yy * y + dy, confidence]
  }).flat()
}

/** [T, 4] the tight box of each frame's joints, of one person. */
function boxesAround({ keypoints, frames, joints }: Clip): Float32Array {
  return Float32Array.from(Array.from({ length: frames }, (_, frame) => {
    const row = Array.from(keypoints!.subarray(frame * joints * 3, (frame + 1) * joints * 3))
    const [xs, ys] = [0, 1].map((axis) => row.filter((value, i) => i % 3 === axis && !Number.isNaN(value))) as [number[], number[]]
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
  }).flat())
}

/** How far any joint is outside its frame's box, as a share of where it is. */
function farthestOut({ keypoints, boxes, joints }: Clip): number {
  let farthest = 0
  for (let at = 0; at < keypoints!.length; at += 3) {
    for (const axis of [0, 1]) {
      const [value, low, high] = [keypoints![at + axis]!, boxes![Math.floor(at / (3 * joints)) * 4 + axis]!, boxes![Math.floor(at / (3 * joints)) * 4 + 2 + axis]!]
      const out = Math.max(low - value, value - high) / Math.max(100, Math.abs(value))
      if (out > farthest) farthest = out
    }
  }
  return farthest
}
