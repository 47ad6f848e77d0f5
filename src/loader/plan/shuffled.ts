import { type Order, ordersOf } from '../permutation.ts'
import type { ListName, Sequence } from './sequence.ts'
import type { SampleList } from './sample-list.ts'

/**
 * A list gone through again and again, in a new order each time: number k is position k mod n of epoch floor(k / n).
 * Keeps the order of the epoch at hand: four bytes a sample up to 2^24 samples, nothing beyond.
 */
export function shuffled(list: SampleList, { seed, name }: { readonly seed: number; readonly name: ListName }): Sequence {
  const { clips, samples } = list
  const orders = ordersOf(samples, { seed, list: name })
  let kept: { readonly epoch: number; readonly order: Order } | null = null
  return {
    samples,
    lists: [{ part: null, label: null, clips, samples, share: 1 }],
    at(number) {
      const epoch = Math.floor(number / samples)
      if (kept?.epoch !== epoch) kept = { epoch, order: orders(epoch) }
      return list.at(kept.order(number - epoch * samples), epoch, 0)
    },
  }
}
