import { arePaired, type Embedded, frameRange, type Measured, ratioOfPairs, unmeasured } from '../measured.ts'
import type { Protocol } from '../protocols/protocol.ts'
import { nearestRows, rowKernel } from './nearest-neighbour.ts'

/**
 * Kendall's tau: do nearest neighbours keep the order of time? 1 = always, -1 = never, 0 = chance.
 * Mean over ordered pairs of clips of tau-b (ties corrected) of the nearest neighbours' order, every `stride`-th frame of both.
 * A pair whose neighbours are all one frame has no tau and is dropped, as most published code drops NaN; `constant: 'keep'` does not, and there is no value.
 * Dwibedi et al., Temporal Cycle-Consistency Learning, CVPR 2019.
 */
export function kendallTau(
  embedded: readonly Embedded[], { stride = 2, distance = 'squared Euclidean', pairs = 'other recordings', constant = 'drop' }: Partial<Protocol['tau']> = {},
): Measured {
  const size = embedded.length
  const frames = embedded.map(({ clip, embedding }) => frameRange(embedding, 0, clip.frames, stride))
  const sums = { numerator: new Float64Array(size * size), denominator: new Float64Array(size * size) }
  let without = 0
  rowKernel.hold(frames, (rows) => {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        if (!arePaired(embedded[i]!.clip, embedded[j]!.clip, pairs)) continue
        const tau = tauB(nearestRows(rows[i]!, rows[j]!, distance))
        if (tau === null) {
          without++
          continue
        }
        sums.numerator[i * size + j] = tau
        sums.denominator[i * size + j] = 1
      }
    }
  })
  const clips = embedded.map(({ clip }) => clip)
  if (constant === 'keep' && without > 0) return unmeasured(clips, 'pairs', `the neighbours of ${without} pairs are all one frame, and the protocol leaves no pair out`)
  return ratioOfPairs(clips, sums)
}

/** Tau-b of a sequence against 0, 1, 2, ..., in O(n log n); null when all its values are one (or there are fewer than two). Kendall 1945. */
export function tauB(sequence: ArrayLike<number>): number | null {
  const n = sequence.length
  const sorted = new Float64Array(sequence)
  const discordant = sortCountingInversions(sorted)
  let tied = 0
  for (let i = 1, run = 1; i < n; i++) {
    run = sorted[i] === sorted[i - 1] ? run + 1 : 1
    tied += run - 1
  }
  const pairs = (n * (n - 1)) / 2
  return pairs - tied === 0 ? null : (pairs - tied - 2 * discordant) / Math.sqrt(pairs * (pairs - tied))
}

/** Merge sort in place, from runs of one upwards; answers how many pairs stood in the wrong order (equal ones do not count). */
function sortCountingInversions(values: Float64Array): number {
  const n = values.length
  const merged = new Float64Array(n)
  let inversions = 0
  for (let width = 1; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      const [middle, end] = [Math.min(start + width, n), Math.min(start + 2 * width, n)]
      for (let left = start, right = middle, out = start; out < end; out++) {
        if (left < middle && (right >= end || values[left]! <= values[right]!)) merged[out] = values[left++]!
        else {
          merged[out] = values[right++]!
          inversions += middle - left
        }
      }
    }
    values.set(merged)
  }
  return inversions
}
