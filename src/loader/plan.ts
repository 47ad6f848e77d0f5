import type { Hash } from '../hash.ts'
import type { ClipTable } from './clip-source.ts'
import { type Order, orderOf } from './permutation.ts'
import type { SampleRef } from './sample.ts'

/** Which sample comes when: a pure function of its number, whatever was asked before. */
export type Plan = {
  readonly hash: Hash
  readonly isPlain: boolean
  readonly samplesPerEpoch: number
  sampleAt(sample: number): SampleRef
}

/** Every clip once an epoch, in a new order each time. */
export function plainPlan({ count }: Pick<ClipTable, 'count'>, seed: number): Plan {
  let kept: { epoch: number; order: Order } | null = null
  return {
    hash: '', isPlain: true, samplesPerEpoch: count,
    sampleAt(sample) {
      const epoch = Math.floor(sample / count)
      if (kept?.epoch !== epoch) kept = { epoch, order: orderOf(count, { seed, epoch }) }
      return { row: kept.order(sample % count), epoch, repeat: 0, window: null, partner: null }
    },
  }
}
