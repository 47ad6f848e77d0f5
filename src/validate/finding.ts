/** `error`: the data cannot be meant like this; `warn`: very likely a flaw; `info`: worth knowing, and no reason to fail. */
export type Severity = 'error' | 'warn' | 'info'

/** What a check says about one clip or skeleton. */
export type Flaw = {
  /** Which of several persons; null = all, or there is one. */
  readonly person: number | null
  /** Frames [start, end) it is about; null = the whole clip. */
  readonly start: number | null
  readonly end: number | null
  /** Anatomical names of the joints it is about; none = no joint in particular. */
  readonly joints: readonly string[]
  /** What was measured, and the limit it passed, in the unit of the check; null = not a matter of measure. */
  readonly value: number | null
  readonly limit: number | null
  readonly message: string
}

/** A flaw with the code and severity of the check that found it, and the clip it is in. */
export type Finding = Flaw & {
  readonly dataset: string
  readonly code: string
  readonly severity: Severity
  /** null = the skeleton named in the message, not a clip. */
  readonly clip: string | null
}
