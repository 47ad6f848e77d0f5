import type { Clip } from '../../clip.ts'
import type { Encoder } from '../../encoder.ts'
import type { Card } from '../cut-card.ts'
import type { EmbeddedSides } from '../embedded-sides.ts'
import type { Measured } from '../measured.ts'
import type { Protocol } from '../protocol.ts'

/** Plain settings recorded beside a value. */
export type Settings = Readonly<Record<string, string | number | boolean>>

/** What a metric measures on: one encoder, the clips of one action. */
export type MetricInput = {
  readonly encoder: Encoder
  readonly train: readonly Clip[]
  readonly test: readonly Clip[]
  readonly sides: EmbeddedSides
  readonly protocol: Protocol
}

/** One measure of a metric: its full name, how it was taken, and the measure. */
export type Taken = { readonly metric: string; readonly settings: Settings; readonly measured: Measured }

/** Metrics look at clips as each card of the protocol shows them, or draw their own views of whole clips, once. */
type Takes =
  | { readonly shows: 'cards'; readonly take: (input: MetricInput & { readonly card: Card }) => Promise<readonly Taken[]> }
  | { readonly shows: 'views'; readonly take: (input: MetricInput) => Promise<readonly Taken[]> }

/** A metric of the catalogue. */
export type Metric = Takes & {
  readonly name: string
  readonly title: string
  readonly better: 'higher' | 'lower'
  /** A headline cannot be won by counting frames; the rest are diagnostics. */
  readonly headline: boolean
  readonly needs: 'nothing' | 'events' | 'phases'
  readonly source: string
  /** Slow: measured when named, or when the protocol lists it. */
  readonly onRequest?: true
}
