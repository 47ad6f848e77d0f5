import type { Tensor } from '../../tensor.ts'
import { areApart, frameRange, type Labelled, type Measured, ratioOfClips, stackFrames, unmeasured } from '../measured.ts'
import type { Protocol } from '../protocols/protocol.ts'
import { type RowRange, rowsFrom } from './distance-kernel.ts'
import { nearestManyRows, rowKernel } from './nearest-neighbour.ts'

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
  const starts = lengths.map((_, index) => lengths.slice(0, index).reduce((sum, length) => sum + length, 0))
  const rangesOf = (index: number): RowRange[] => frames.flatMap((_, other) => (
    (others === 'own clip' ? other === index : areApart(clips[other]!, clips[index]!, others)) ? [{ start: starts[other]!, end: starts[other]! + lengths[other]! }] : []))
  const sizes = frames.map((_, index) => rangesOf(index).reduce((sum, { start, end }) => sum + end - start, 0))
  const least = Math.min(...sizes)
  const able = ks.filter((k) => k <= least)
  const phases = frames.flatMap((one) => one.phases)
  const scores = able.length === 0 ? [] : rowKernel.hold([stackFrames(frames.map(({ embedding }) => embedding))], ([all]) => frames.map((query, index) => {
    const rows = rowsFrom(all!, starts[index]!, starts[index]! + lengths[index]!)
    return scoresAt(able, nearestManyRows(rows, all!, joined(rangesOf(index)), Math.max(...able), distance), { query: query.phases, pool: phases, score })
  }))
  return Object.fromEntries(ks.map((k) => {
    const place = able.indexOf(k)
    if (place === -1) {
      const none = unmeasured(clips, 'frames', `frames of ${clips[sizes.indexOf(least)]!.id} can be held against ${least} others, fewer than ${k}`)
      return [k, { clip: none, frame: none }]
    }
    const sums = scores.map((ofClip) => ofClip[place]!)
    const n = lengths.reduce((sum, length) => sum + length, 0)
    const measured = (average: 'clip' | 'frame'): Measured => (
      average === 'frame' ? ratioOfClips(clips, sums, lengths, n) : ratioOfClips(clips, sums.map((sum, at) => sum / lengths[at]!), lengths.map(() => 1), n))
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

function everyNth(embedding: Tensor, phases: ArrayLike<number>, stride: number): Frames {
  return { embedding: frameRange(embedding, 0, embedding.shape[0]!, stride), phases: Array.from(phases).filter((_, frame) => frame % stride === 0) }
}

/** Ranges that end where the next begins are one. */
function joined(ranges: readonly RowRange[]): RowRange[] {
  const whole: RowRange[] = []
  for (const range of ranges) {
    const last = whole.at(-1)
    if (last?.end === range.start) whole[whole.length - 1] = { start: last.start, end: range.end }
    else whole.push(range)
  }
  return whole
}
