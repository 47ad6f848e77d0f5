import type { Hash } from '../hash.ts'
import type { SampleRef } from './sample.ts'

/** Which sample comes when: a pure function of its number, whatever was asked before. */
export type Plan = {
  readonly hash: Hash
  /** Every clip once an epoch, and nothing else. */
  readonly isPlain: boolean
  readonly samplesPerEpoch: number
  sampleAt(sample: number): SampleRef
}
