import { gather, type Node, reshape, transpose } from '../../engine/index.ts'
import type { Nodes } from '../model.ts'
import type { ParameterSpec } from '../parameter.ts'
import { learned } from './frame-encoder.ts'
import { parameterOf } from './parameter-of.ts'

/** T5's: distances below 8 have a bucket of their own each way, those to 128 share 8 that grow wider, all beyond are in the last. */
const BUCKETS = 32

/** Parameters of `relativePosition`: a number for each bucket and head, [32, heads]. */
export function relativePositionSpec(name: string, heads: number): ParameterSpec[] {
  return [learned(name, [BUCKETS, heads], 0.02)]
}

/**
 * What is added to the score of each pair of frames, [1, heads, T, T]: a learned number for how far the key lies before or after the query, the same in all layers. Positions enter by differences alone,
 * so that no frame knows its number. Raffel et al., T5, JMLR 2020 (`relative_attention_num_buckets`).
 */
export function relativePosition(params: Nodes, name: string, frames: number): Node {
  const table = parameterOf(params, name)
  const buckets = Array.from({ length: frames ** 2 }, (_, pair) => bucketOf((pair % frames) - Math.floor(pair / frames)))
  return transpose(reshape(gather(table, buckets), [1, frames, frames, table.shape[1]!]), [0, 3, 1, 2])
}

/** The bucket of a key so many frames after its query. */
export function bucketOf(apart: number): number {
  const [half, distance] = [BUCKETS / 2, Math.abs(apart)]
  // T5's 8 + floor(8 log(distance / 8) / log(128 / 8)), in whole numbers: log2 of distance^2 / 64
  const wide = 8 + 31 - Math.clz32(Math.floor(distance ** 2 / 64))
  return (apart > 0 ? half : 0) + (distance < 8 ? distance : Math.min(wide, half - 1))
}
