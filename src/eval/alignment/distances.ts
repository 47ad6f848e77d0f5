import type { Tensor } from '../../tensor.ts'
import { distanceMatrix } from '../metrics/nearest-neighbour.ts'

/** Squared Euclidean distances between the frames of A (rows) and of B (columns), row-major, in float64: what every alignment is made of. */
export type Distances = { readonly rows: number; readonly columns: number; readonly values: Float64Array }

/** The distances between two embeddings [A, d] and [B, d]. */
export function distancesOf(a: Tensor, b: Tensor): Distances {
  return { rows: a.shape[0]!, columns: b.shape[0]!, values: distanceMatrix(a, b) }
}

/**
 * What a temperature of 1 is for a pair: its mean squared distance (1 where all are 0), so that an embedding and twice the same embedding are aligned alike.
 * For directions of unit length that are unrelated on average, the mean is 2 and exp(-distance / (2 temperature)) = exp((cosine - 1) / temperature): the softmax of cosine / temperature
 * that CARL, and LA2DS here, are trained with.
 */
export function scaleOf({ values }: Distances): number {
  let sum = 0
  for (let at = 0; at < values.length; at++) sum += values[at]!
  return sum / values.length || 1
}
