/** What sha256 says of everything that was produced: in order, and summed over samples, which no order changes. */
export type Fingerprint = { readonly hash: string; readonly sum: string; readonly samples: number }

/** Who does the work, ours or a rival: a process or a function that is kept between passes. */
export type Contender = {
  readonly title: string
  /** Follows the order it is given; else only the sum is compared. */
  readonly ordered: boolean
  fingerprint(): Promise<Fingerprint>
  /** Seconds for all samples, `times` times over. */
  pass(times: number): Promise<number>
  close(): Promise<void>
}
