import { nowhere } from '../affine.ts'
import type { Clip } from '../clip.ts'
import { moved } from './affine.ts'
import { sometimes, type Transform } from './transform.ts'

/**
 * With `probability`, flattens the clip along one axis, every axis equally likely: all joints get the mean of that coordinate over the clip, so that its place
 * stays. The source sets 0, which is the same for a clip about its own mean. Do and Kim, SkateFormer, ECCV 2024 (`drop_axis`, after AimCLR).
 */
export function axisMask({ probability = 0.5 }: { probability?: number } = {}): Transform {
  return sometimes(probability, (clip, random) => flattened(clip, random.integer(clip.dims)))
}

function flattened(clip: Clip, axis: number): Clip {
  const mean = meanOf(clip, axis)
  if (mean === null) return clip
  if (axis === 0) return { ...moved(clip, { xx: 0, xy: 0, yx: 0, yy: 1, dx: mean, dy: 0 }), keypoints: set(clip, axis, mean), placement: nowhere }
  if (axis === 1) return { ...moved(clip, { xx: 1, xy: 0, yx: 0, yy: 0, dx: 0, dy: mean }), keypoints: set(clip, axis, mean), placement: nowhere }
  return { ...clip, keypoints: set(clip, axis, mean), raw: null, placement: nowhere }
}

function meanOf({ keypoints, dims }: Clip, axis: number): number | null {
  let [sum, count] = [0, 0]
  keypoints?.forEach((value, at) => {
    if (at % (dims + 1) !== axis || Number.isNaN(value)) return
    sum += value
    count++
  })
  return count === 0 ? null : sum / count
}

function set({ keypoints, dims }: Clip, axis: number, value: number): Float32Array | null {
  return keypoints?.map((old, at) => (at % (dims + 1) === axis && !Number.isNaN(old) ? value : old)) ?? null
}
