import { ToolkitError } from '../../errors.ts'
import type { Tensor } from '../../tensor.ts'
import { clipItems } from '../items.ts'
import { frameRange, type Labelled, type Measured, stackFrames, unmeasured } from '../measured.ts'
import { nearestMany } from './nearest-neighbour.ts'

/**
 * Fine-grained frame retrieval AP@K: the share of the K nearest frames among all *other* clips that carry the query's phase. 0..1.
 * `average: 'clip'` takes the mean per clip, then over clips (CARL); 'frame' over all frames, so that long clips weigh more (VAOT).
 * Drawing clips again weighs the queries; the pool stays as it is.
 * Chen et al., CARL, CVPR 2022 (`retrieval.py`); Ali, Mahmood et al., VAOT, ICCV 2025.
 */
export function retrieval(labelled: readonly Labelled[], options: { k: number; average: 'clip' | 'frame'; stride?: number }): Measured {
  const { k, average } = options
  return retrievalAt(labelled, { ...options, ks: [k] })[k]![average]
}

/** AP@K for several K from one search, both averagings of each. Throws E_RETRIEVAL_POOL when the other clips have fewer than K frames. */
export function retrievalAt(
  labelled: readonly Labelled[], { ks, stride = 1 }: { ks: readonly number[]; stride?: number },
): Readonly<Record<number, Readonly<Record<'clip' | 'frame', Measured>>>> {
  const clips = labelled.map(({ clip }) => clip)
  const frames = labelled.map(({ embedding, phases }) => everyNth(embedding, phases, stride))
  const hits = frames.map((query, index) => {
    const pool = concatenate(frames.filter((_, other) => clips[other]!.group !== clips[index]!.group))
    return hitsPerRank(query, pool, Math.max(...ks), clips[index]!.id)
  })
  return Object.fromEntries(ks.map((k) => {
    const correct = hits.map((ranks) => ranks.subarray(0, k).reduce((sum, count) => sum + count, 0) / k)
    const lengths = frames.map(({ phases }) => phases.length)
    const measured = (average: 'clip' | 'frame'): Measured => ({
      ...unmeasured(clips, 'frames', ''), reason: null, n: lengths.reduce((sum, length) => sum + length, 0),
      statistic: (weights) => meanOfClips(correct, lengths, weights, average),
      items: () => (average === 'frame' ? clipItems(clips, correct, lengths) : clipItems(clips, correct.map((count, at) => count / lengths[at]!), lengths.map(() => 1))),
    })
    return [k, { clip: measured('clip'), frame: measured('frame') }]
  }))
}

type Frames = { readonly embedding: Tensor; readonly phases: readonly number[] }

/** How many queries find their own phase at rank 0, 1, ..., k - 1. */
function hitsPerRank(query: Frames, pool: Frames, k: number, id: string): Float64Array {
  if (pool.phases.length < k) {
    throw new ToolkitError('E_RETRIEVAL_POOL', `AP@${k} for ${id}: the other clips have ${pool.phases.length} frames`,
      { hint: 'take a smaller K or more clips' })
  }
  const nearest = nearestMany(query.embedding, pool.embedding, k)
  const hits = new Float64Array(k)
  for (const [place, frame] of nearest.entries()) if (pool.phases[frame] === query.phases[Math.floor(place / k)]) hits[place % k]!++
  return hits
}

function meanOfClips(correct: readonly number[], frames: readonly number[], weights: Float64Array, average: 'clip' | 'frame'): number | null {
  let [sum, total] = [0, 0]
  for (const [index, weight] of weights.entries()) {
    sum += weight * (average === 'clip' ? correct[index]! / frames[index]! : correct[index]!)
    total += weight * (average === 'clip' ? 1 : frames[index]!)
  }
  return total > 0 ? sum / total : null
}

function everyNth(embedding: Tensor, phases: ArrayLike<number>, stride: number): Frames {
  return { embedding: frameRange(embedding, 0, embedding.shape[0]!, stride), phases: Array.from(phases).filter((_, frame) => frame % stride === 0) }
}

function concatenate(parts: readonly Frames[]): Frames {
  return { embedding: stackFrames(parts.map(({ embedding }) => embedding)), phases: parts.flatMap(({ phases }) => phases) }
}
