import { wordsAt } from '../../random.ts'
import { shuffle } from '../permutation.ts'
import type { SampleRef } from '../sample.ts'

export type BucketRule = { readonly seed: number; readonly batch: number; readonly batches: number; readonly lengthOf: (sample: SampleRef) => number }

/**
 * Samples of alike length in one batch. Of each block of batch x batches samples, the shortest `batch` make a batch, the next ones another, and so on (of
 * equally long ones the earlier first); a batch keeps its samples in the order they had, and a keyed permutation per block orders the batches.
 * Keeps the samples of the block at hand.
 */
export function bucketed(sampleAt: (number: number) => SampleRef, { seed, batch, batches, lengthOf }: BucketRule): (number: number) => SampleRef {
  const size = batch * batches
  const words = wordsAt({ seed, transform: 'bucket' })
  const turns = new Uint32Array(batches)
  let kept: { readonly block: number; readonly samples: readonly SampleRef[] } | null = null

  function samplesOf(block: number): SampleRef[] {
    const samples = Array.from({ length: size }, (_, i) => sampleAt(block * size + i))
    // length and place in one number, so that they are sorted as numbers are
    const keys = Float64Array.from(samples, (sample, i) => lengthOf(sample) * size + i).sort()
    shuffle(turns, (first, out) => words(block, first, out))
    return Array.from(turns, (turn) => [...keys.subarray(turn * batch, (turn + 1) * batch)].map((key) => key % size).sort((a, b) => a - b))
      .flatMap((places) => places.map((place) => samples[place]!))
  }
  return (number) => {
    const block = Math.floor(number / size)
    if (kept?.block !== block) kept = { block, samples: samplesOf(block) }
    return kept.samples[number - block * size]!
  }
}
