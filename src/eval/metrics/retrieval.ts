import type { Tensor } from '../../tensor.ts'
import { clipItems } from '../items.ts'
import { areApart, frameRange, type Labelled, type Measured, stackFrames, unmeasured } from '../measured.ts'
import type { Protocol } from '../protocols/protocol.ts'
import { nearestMany } from './nearest-neighbour.ts'

/** How frames are retrieved; see `Protocol`. */
export type RetrievalOptions = Partial<Pick<Protocol['retrieval'], 'stride' | 'distance' | 'pool' | 'score'>>

/**
 * Fine-grained frame retrieval AP@K: the share of the K nearest frames among all *other* clips that carry the query's phase. 0..1.
 * `average: 'clip'` takes the mean per clip, then over clips (CARL); 'frame' over all frames, so that long clips weigh more (VAOT).
 * Drawing clips again weighs the queries; the pool stays as it is.
 * Chen et al., CARL, CVPR 2022 (`retrieval.py`); Ali, Mahmood et al., VAOT, ICCV 2025. `score: 'average precision'` is the mean, over the K nearest that carry the
 * phase, of the precision down to them, 0 when none does (AE2, NeurIPS 2023, `frame_retrieval.py`).
 */
export function retrieval(labelled: readonly Labelled[], options: RetrievalOptions & { k: number; average: 'clip' | 'frame' }): Measured {
  const { k, average } = options
  return retrievalAt(labelled, { ...options, ks: [k] })[k]![average]
}

/** AP@K for several K from one search, both averagings of each. A K that is more than the frames that a clip can be held against has no value. */
export function retrievalAt(
  labelled: readonly Labelled[],
  { ks, stride = 1, distance = 'squared Euclidean', pool: others = 'other recordings', score = 'precision' }: RetrievalOptions & { ks: readonly number[] },
): Readonly<Record<number, Readonly<Record<'clip' | 'frame', Measured>>>> {
  const clips = labelled.map(({ clip }) => clip)
  const frames = labelled.map(({ embedding, phases }) => everyNth(embedding, phases, stride))
  const lengths = frames.map(({ phases }) => phases.length)
  const partsOf = (index: number): Frames[] => (others === 'own clip' ? [frames[index]!] : frames.filter((_, other) => areApart(clips[other]!, clips[index]!, others)))
  const sizes = frames.map((_, index) => partsOf(index).reduce((sum, { phases }) => sum + phases.length, 0))
  const least = Math.min(...sizes)
  const able = ks.filter((k) => k <= least)
  const scores = able.length === 0 ? [] : frames.map((query, index) => {
    const pool = concatenate(partsOf(index))
    return scoresAt(able, nearestMany(query.embedding, pool.embedding, Math.max(...able), distance), { query: query.phases, pool: pool.phases, score })
  })
  return Object.fromEntries(ks.map((k) => {
    const place = able.indexOf(k)
    if (place === -1) {
      const none = unmeasured(clips, 'frames', `frames of ${clips[sizes.indexOf(least)]!.id} can be held against ${least} others, fewer than ${k}`)
      return [k, { clip: none, frame: none }]
    }
    const sums = scores.map((ofClip) => ofClip[place]!)
    const measured = (average: 'clip' | 'frame'): Measured => ({
      ...unmeasured(clips, 'frames', ''), reason: null, n: lengths.reduce((sum, length) => sum + length, 0),
      statistic: (weights) => meanOfClips(sums, lengths, weights, average),
      items: () => (average === 'frame' ? clipItems(clips, sums, lengths) : clipItems(clips, sums.map((sum, at) => sum / lengths[at]!), lengths.map(() => 1))),
    })
    return [k, { clip: measured('clip'), frame: measured('frame') }]
  }))
}

type Frames = { readonly embedding: Tensor; readonly phases: readonly number[] }

/** Per K, the sum of the queries' scores, out of their nearest frames [Q, largest K]. */
function scoresAt(
  ks: readonly number[], nearest: Int32Array, { query, pool, score }: { query: readonly number[]; pool: readonly number[]; score: Protocol['retrieval']['score'] },
): number[] {
  const most = nearest.length / query.length
  const sums = ks.map(() => 0)
  for (const [row, phase] of query.entries()) {
    let [hits, precisions] = [0, 0]
    for (let rank = 0; rank < most; rank++) {
      if (pool[nearest[row * most + rank]!] === phase) precisions += ++hits / (rank + 1)
      const place = ks.indexOf(rank + 1)
      if (place !== -1) sums[place]! += score === 'precision' ? hits : precisions / Math.max(1, hits)
    }
  }
  return score === 'precision' ? sums.map((sum, place) => sum / ks[place]!) : sums
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
