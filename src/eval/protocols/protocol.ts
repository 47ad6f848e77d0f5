import type { Card } from '../cut-card.ts'

/** What a distance between two frames is: their order is the same but for ties, which rounding of the root makes more of. */
export type Distance = 'squared Euclidean' | 'Euclidean'

/** Which clips a clip may be held against; recordings seen by several cameras make several clips. */
export type Others = 'other recordings' | 'other clips'

/** Where a classifier or a regression learns: `test` is the very side it is measured on. */
export type TrainedOn = 'train' | 'test'

/**
 * What to do with a clip that lacks phase k. `copy`: the column before (the last one but one counts from the clip's end; CASA). `before`: as if the phase had ended
 * before the first frame (LAV, VAOT). `exclude`: the column is left out for the clip (AE2). `crash`: the published code stops (TCC, CARL), so there is no value.
 */
export type MissingPhase = 'copy' | 'before' | 'exclude' | 'crash'

/** How measures are taken, as data; what a metric uses of it is recorded beside each of its values. docs/metrics.md lists them. */
export type Protocol = {
  readonly name: string
  readonly source: string
  /** Chance of cuts, views and the bootstrap. */
  readonly seed: number
  readonly cards: readonly Card[]
  /** How many models its figures are of; null = either. A run of the other kind is measured with a warning. */
  readonly scope: 'one model per action' | 'one model for all actions' | null
  /** What metrics are given: embeddings as the encoder makes them, or every frame's divided by its Euclidean length. */
  readonly embeddings: 'as made' | 'unit length'
  /** Metrics taken without being named; null = all but the slow ones, and any other when named. */
  readonly metrics: readonly string[] | null
  /** Metrics taken only when named, beside `metrics`. */
  readonly onRequest: readonly string[]
  readonly tau: {
    readonly stride: number
    readonly distance: Distance
    readonly pairs: Others
    /** A pair whose neighbours are all one frame has no tau: it is dropped, or the mean has no value (NaN in the published code). */
    readonly constant: 'drop' | 'keep'
  }
  readonly classification: {
    readonly trainedOn: TrainedOn
    /** Shares of what it learns from. */
    readonly fractions: readonly number[]
    /** The first clips by id with all of their frames, or frames drawn from all of them. */
    readonly labels: 'first clips' | 'random frames'
    /** Features as they are, or each less its mean and divided by its deviation in what is learnt from. */
    readonly features: 'as they are' | 'standardised'
  }
  readonly progression: {
    readonly trainedOn: TrainedOn
    readonly missing: MissingPhase
    /** Of K phases: a column for each but the last, or for each. */
    readonly columns: 'K - 1' | 'K'
  }
  readonly retrieval: {
    readonly stride: number
    readonly ks: readonly number[]
    readonly distance: Distance
    /** `own clip`: inside the query's clip, the query itself among the frames. Not a retrieval: LAV's released code does it. */
    readonly pool: Others | 'own clip'
    /** The share of the K nearest, or the average precision of their list. */
    readonly score: 'precision' | 'average precision'
    readonly averages: readonly ('clip' | 'frame')[]
  }
  /** Bootstrap draws of clips. */
  readonly draws: number
}
