import type { Tensor } from '../../tensor.ts'
import { nearestColumns } from './alignment-kernel.ts'
import { type Distances, distancesOf } from './distances.ts'
import { expectedMoments, softMatch, softMoments } from './soft-match.ts'
import { softWarping } from './soft-warping.ts'
import { warpedFrames, warpingPath } from './warping.ts'

/**
 * How a frame of A finds its moment in B. `nearest`: the nearest frame; `warping`: dynamic time warping; `soft`: the expected time of a softmax over the frames of B; `soft-warping`: that of
 * soft-DTW's expected alignment. The second and the fourth keep the order of time, the last two have a temperature.
 */
export const methods = ['nearest', 'warping', 'soft', 'soft-warping'] as const
export type Method = (typeof methods)[number]

/** Of the softmax and of soft-DTW, in mean squared distances of the pair. */
export const TEMPERATURE = 0.1

/** Where each frame of A lies in B. */
export type FrameMap = {
  /** [A] in frames of B, fractional for the soft methods. */
  readonly moments: Float64Array
  /** [A] the frame of B at that moment, halves upwards. */
  readonly frames: Int32Array
  /** [A] squared Euclidean distance to that frame's embedding. */
  readonly costs: Float64Array
  /** [A] 0..1: the share of the soft match (of the expected alignment, for `soft-warping`) that lies within a twentieth of B, at least one frame, of the moment. */
  readonly confidences: Float64Array
}

/** The map from the frames of one embedding [A, d] to the time of another [B, d]. */
export function alignFrames(a: Tensor, b: Tensor, { method, temperature = TEMPERATURE }: { method: Method; temperature?: number }): FrameMap {
  const distances = distancesOf(a, b)
  const { columns, values } = distances
  const weights = weightsOf(distances, method, temperature)
  const moments = method === 'nearest' || method === 'warping' ? momentsOf(distances, method) : expectedMoments(weights, columns)
  const frames = Int32Array.from(moments, (moment) => Math.floor(moment + 0.5))
  return {
    moments, frames, costs: Float64Array.from(frames, (frame, row) => values[row * columns + frame]!),
    confidences: Float64Array.from(moments, (moment, row) => within(weights.subarray(row * columns, (row + 1) * columns), moment, Math.max(1, columns / 20))),
  }
}

/** The moments [rows] alone, in frames of B. */
export function momentsOf(distances: Distances, method: Method, temperature = TEMPERATURE): Float64Array {
  if (method === 'nearest') return new Float64Array(nearestColumns(distances))
  if (method === 'soft') return softMoments(distances, temperature)
  if (method === 'warping') return new Float64Array(warpedFrames(warpingPath(distances), distances.rows))
  return expectedMoments(weightsOf(distances, method, temperature), distances.columns)
}

function weightsOf(distances: Distances, method: Method, temperature: number): Float64Array {
  return method === 'soft-warping' ? softWarping(distances, temperature) : softMatch(distances, temperature)
}

function within(weights: Float64Array, moment: number, reach: number): number {
  return Math.min(1, weights.reduce((sum, weight, j) => (Math.abs(j - moment) <= reach ? sum + weight : sum), 0))
}
