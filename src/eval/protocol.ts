import { unknownName } from '../errors.ts'
import type { Card } from './cut-card.ts'
import type { MissingPhase } from './metrics/phase-progression.ts'

/** How measures are taken, as data; what a metric uses of it is recorded beside each of its values. */
export type Protocol = {
  readonly name: string
  readonly source: string
  /** Chance of cuts, views and the bootstrap. */
  readonly seed: number
  readonly cards: readonly Card[]
  readonly tauStride: number
  readonly retrieval: { readonly stride: number; readonly ks: readonly number[] }
  /** Shares of the training clips whose labels are used, first ids in order. */
  readonly fractions: readonly number[]
  /** Metrics measured beyond the usual ones although they are slow. */
  readonly also: readonly string[]
  readonly missingPhase: MissingPhase
  /** Bootstrap draws of clips. */
  readonly draws: number
}

const primary: Protocol = {
  name: 'primary', source: 'posetta: whole and cut clips, trained on train, tested on test', seed: 0, cards: ['whole', 'cut'], tauStride: 2,
  retrieval: { stride: 1, ks: [5, 10, 15] }, fractions: [0.1, 0.5, 1], also: [], missingPhase: 'copy', draws: 1000,
}

/** The protocols by name. `tcc` and `carl` differ from `primary` in what their published code does; both look at whole clips only. */
export const protocols: readonly Protocol[] = [
  primary,
  { ...primary, name: 'tcc', source: 'Dwibedi et al., CVPR 2019, google-research/tcc', cards: ['whole'], tauStride: 5, also: ['phase-accuracy-svm'] },
  { ...primary, name: 'carl', source: 'Chen et al., CVPR 2022, minghchen/CARL_code', cards: ['whole'], retrieval: { stride: 2, ks: [5, 10, 15] } },
  // 2 / (draws + 1), the least p-value, times seven floors must stay below .05
  { ...primary, name: 'quick', source: 'posetta: primary with 300 bootstrap draws', fractions: [1], draws: 300 },
]

/** The protocol of a name; throws E_PROTOCOL_UNKNOWN with what exists. */
export function protocolOf(name: string): Protocol {
  const found = protocols.find((protocol) => protocol.name === name)
  if (found === undefined) throw unknownName('E_PROTOCOL_UNKNOWN', 'protocol', name, protocols.map((protocol) => protocol.name))
  return found
}

/** What every protocol shares, recorded beside each value. */
export const SHARED_SETTINGS = { distance: 'squared Euclidean, float64', ties: 'first index', pairs: 'ordered, one action, different recordings' } as const
