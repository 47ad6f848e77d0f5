import type { Hash } from '../hash.ts'
import type { SampleRef } from './sample.ts'

/** Which sample comes when: a pure function of its number, whatever was asked before. */
export type Plan = {
  readonly hash: Hash
  /** Where the chance of its order comes from. */
  readonly seed: number
  /** Every clip once an epoch, and nothing else. */
  readonly isPlain: boolean
  readonly samplesPerEpoch: number
  sampleAt(sample: number): SampleRef
}
