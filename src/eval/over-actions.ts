import { type BootstrapOptions, difference, estimate, type OverSeeds } from './bootstrap.ts'
import type { Comparison, Evaluation, Measure } from './evaluate.ts'
import { macroMean } from './macro-mean.ts'
import { grouped } from '../store/grouped.ts'
import type { Settings } from './metrics/metric.ts'

/** What stands in a measure's `action` when it is the mean over actions. */
export const ALL_ACTIONS = 'all actions'

/** A measure of one action and what it was taken from; of several seeds, one each. */
export type TakenMeasure = { readonly measure: Measure; readonly measured: OverSeeds }

/**
 * Macro means: every measure that several actions have, as the plain mean over those with a value, every action over its own clips; recordings of all actions are drawn again
 * together. Differences of `encoder` from the others are over the actions in which both have a value; an encoder in `unlike` is not compared, for that reason.
 */
export function overActions(
  taken: readonly TakenMeasure[], { encoder, unlike = {}, ...options }: BootstrapOptions & { readonly encoder: string; readonly unlike?: Readonly<Record<string, string>> },
): Evaluation {
  const keyOf = ({ measure: { metric, card, encoder: name } }: TakenMeasure) => [metric, card, name].join('\t')
  const groups = [...grouped(taken, keyOf).values()].filter((members) => new Set(members.map(({ measure }) => measure.action)).size > 1)
  const measures = groups.map((members) => meanMeasure(members, options))
  const own = new Map(groups.filter(([first]) => first!.measure.encoder === encoder).map((members) => [`${members[0]!.measure.metric}\t${members[0]!.measure.card}`, members]))
  const comparisons = groups.filter(([first]) => first!.measure.encoder !== encoder).flatMap((members): Comparison[] => {
    const { metric, card, encoder: against } = members[0]!.measure
    const mine = own.get(`${metric}\t${card}`)
    if (mine === undefined) return []
    const { protocol, better } = members[0]!.measure
    return [{ metric, protocol, action: ALL_ACTIONS, card, encoder, against, better, ...differenceOf(mine, members, unlike[against], options) }]
  })
  return { measures, comparisons }
}

function meanMeasure(members: readonly TakenMeasure[], options: BootstrapOptions): Measure {
  const { measure } = members[0]!
  const valued = members.filter((one) => one.measure.value !== null)
  const sum = (count: (measure: Measure) => number) => valued.reduce((total, one) => total + count(one.measure), 0)
  return {
    ...measure, action: ALL_ACTIONS, ...(valued.length === 0 ? {} : estimate(meanOf(valued), options)),
    labels: valued.find((one) => one.measure.labels === 'pseudo')?.measure.labels ?? valued[0]?.measure.labels ?? measure.labels,
    n: sum(({ n }) => n), clips: sum(({ clips }) => clips),
    settings: { ...shared(members.map((one) => one.measure.settings)), mean: 'over actions', actions: valued.length, of: members.length },
  }
}

function differenceOf(mine: readonly TakenMeasure[], theirs: readonly TakenMeasure[], unlike: string | undefined, options: BootstrapOptions) {
  const none = (reason: string) => ({ value: null, low: null, high: null, p: null, reason })
  if (unlike !== undefined) return none(unlike)
  const both = mine.flatMap((one) => {
    const other = theirs.find(({ measure }) => measure.action === one.measure.action)
    return other === undefined || one.measure.value === null || other.measure.value === null ? [] : [{ one, other }]
  })
  if (both.length === 0) return none('no action in which both have a value')
  return difference(meanOf(both.map(({ one }) => one)), meanOf(both.map(({ other }) => other)), options)
}

/** One macro mean per seed. */
function meanOf(members: readonly TakenMeasure[]): OverSeeds {
  const runs = members.map(({ measured }) => ('sums' in measured ? [measured] : measured))
  return runs[0]!.map((_, seed) => macroMean(runs.map((ofAction) => ofAction[seed]!)))
}

/** The settings that all have alike. */
function shared(settings: readonly Settings[]): Settings {
  return Object.fromEntries(Object.entries(settings[0]!).filter(([key, value]) => settings.every((one) => one[key] === value)))
}
