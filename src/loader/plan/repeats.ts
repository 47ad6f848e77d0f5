import { type Order, orderOf } from '../permutation.ts'
import type { ListName, Sequence } from './sequence.ts'
import { lastAtMost, type SampleList } from './sample-list.ts'

/** Repeat factors are counted in parts of this. */
const parts = 2 ** 20

/** One label's samples. */
export type LabelList = { readonly label: string; readonly list: SampleList }

/**
 * Rare labels more often: the samples of a label with the share f of all samples come r = max(1, sqrt(threshold / f)) times an epoch, each at least floor(r)
 * times and at most once more. The extra samples of a label, n (r - floor r) an epoch, are numbered on from epoch to epoch, and number k is sample k mod n of
 * the label: exact in the long run, without a state. Epochs differ in size by less than the number of labels.
 * Gupta et al., LVIS: A Dataset for Large Vocabulary Instance Segmentation, CVPR 2019, section 4.
 */
export function repeated(
  labels: readonly LabelList[], { threshold, seed, name }: { readonly threshold: number; readonly seed: number; readonly name: ListName },
): Sequence & { readonly perEpoch: number } {
  const samples = labels.reduce((sum, { list }) => sum + list.samples, 0)
  const factors = labels.map(({ list }) => factorOf(list.samples, { samples, threshold }))
  const total = labels.reduce((sum, { list }, i) => sum + BigInt(list.samples) * BigInt(factors[i]!), 0n)
  const epochs = epochsOf(labels.map(({ list }, i) => ({ samples: list.samples, factor: factors[i]! })))
  let kept: (Epoch & { readonly order: Order }) | null = null

  /** An epoch starts at most where its share of the total lies, so that the search goes forwards. */
  function epochAt(number: number): Epoch & { readonly order: Order } {
    if (kept !== null && number >= kept.start && number < kept.start + kept.size) return kept
    let epoch = Number((BigInt(number) * BigInt(parts)) / total)
    while (epochs(epoch + 1).start <= number) epoch++
    const found = epochs(epoch)
    kept = { ...found, order: orderOf(found.size, { seed, epoch, list: name }) }
    return kept
  }
  return {
    samples,
    perEpoch: Number(total / BigInt(parts)),
    lists: labels.map(({ label, list }, i) => ({
      part: null, label, clips: list.clips, samples: list.samples, share: (list.samples * factors[i]!) / Number(total),
    })),
    at(number) {
      const { epoch, start, before, extras, order } = epochAt(number)
      const slot = order(number - start)
      const i = lastAtMost(before, slot)
      const { list } = labels[i]!
      const times = Math.floor(factors[i]! / parts)
      const within = slot - before[i]!
      return within < times * list.samples
        ? list.at(within % list.samples, epoch, Math.floor(within / list.samples))
        : list.at((extras[i]! + within - times * list.samples) % list.samples, epoch, times)
    },
  }
}

/** r in parts, to the nearest. */
function factorOf(count: number, { samples, threshold }: { samples: number; threshold: number }): number {
  return Math.floor(Math.max(1, Math.sqrt((threshold * samples) / count)) * parts + 0.5)
}

/** `before` [labels]: samples of the epoch that belong to labels before; `extras` [labels]: the number of a label's first extra sample, modulo its samples. */
type Epoch = { readonly epoch: number; readonly start: number; readonly size: number; readonly before: Float64Array; readonly extras: Float64Array }

function epochsOf(labels: readonly { readonly samples: number; readonly factor: number }[]): (epoch: number) => Epoch {
  const extraBefore = ({ samples, factor }: { samples: number; factor: number }, epoch: number): bigint =>
    (BigInt(epoch) * BigInt(samples) * BigInt(factor % parts)) / BigInt(parts)
  return (epoch) => {
    const before = new Float64Array(labels.length)
    const extras = new Float64Array(labels.length)
    let [start, size] = [0, 0]
    for (const [i, label] of labels.entries()) {
      const whole = label.samples * Math.floor(label.factor / parts)
      const first = extraBefore(label, epoch)
      before[i] = size
      extras[i] = Number(first % BigInt(label.samples))
      start += epoch * whole + Number(first)
      size += whole + Number(extraBefore(label, epoch + 1) - first)
    }
    return { epoch, start, size, before, extras }
  }
}
