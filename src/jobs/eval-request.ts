/** What `posetta eval` asks for. */
export type EvalRequest = {
  readonly storeDir: string
  readonly runsDir: string
  readonly run: string
  /** Names of metrics; left out = all but the slow ones. */
  readonly metrics?: readonly string[]
  readonly protocol?: string
  /** Another run to stand among the floors. */
  readonly baseline?: string
  /** `missing=0.2`, a kind of `corruptions` and its level: what every encoder is shown is corrupted so. */
  readonly corrupt?: string
  readonly catalogFiles?: readonly string[]
  /** What computes embeddings; the run's own when left out. */
  readonly device?: string
  readonly threads?: number
  /** Threads that measure, each with one thread of the engine; 0 = none but this one. One per core where there is much to measure when left out; the numbers are the same. */
  readonly workers?: number
}
