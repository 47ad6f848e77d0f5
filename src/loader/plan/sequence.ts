import type { SampleRef } from '../sample.ts'

/** Samples without end. `at` is a pure function: what it keeps, it keeps to be quick. */
export type Sequence = {
  /** Different samples it is made of. */
  readonly samples: number
  /** Its lists, and each one's share of the sequence in the long run. */
  readonly lists: readonly ListShare[]
  at(number: number): SampleRef
}

export type ListShare = {
  /** Number of the part of the mixture; null = there is no mixture. */
  readonly part: number | null
  /** The label that is balanced by; null = none is. */
  readonly label: string | null
  readonly clips: number
  readonly samples: number
  /** 0..1; the shares of a sequence sum to 1. */
  readonly share: number
}

/** Names the order of a list among those of a plan: [], [part], [label] or [part, label]. */
export type ListName = readonly (string | number)[]
