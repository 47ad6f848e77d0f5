import type { Clip } from '../clip.ts'
import type { Encoder } from '../encoder.ts'
import { difference, type Difference, estimate, type Estimate, type OverSeeds } from './bootstrap.ts'
import type { Card } from './cut-card.ts'
import { eventsOf } from './events.ts'
import type { Metric, Settings } from './metrics/metric.ts'
import { type LabelKind, phasesOf } from './phases.ts'
import { type Protocol, SHARED_SETTINGS } from './protocol.ts'
import { betterOf, chooseMetrics, takeMetrics, type Took } from './take-metrics.ts'

/** One value with its 95 % interval and everything that says how it came about. `labels`: `pseudo` is never to be compared with published figures. */
export type Measure = Estimate & {
  readonly metric: string
  readonly protocol: string
  readonly action: string
  /** `views` = the metric draws its own cuts. */
  readonly card: Card | 'views'
  readonly encoder: string
  readonly labels: LabelKind | 'none'
  readonly better: Metric['better']
  readonly headline: boolean
  readonly n: number
  readonly unit: string
  readonly clips: number
  readonly settings: Settings
}

/** A paired difference encoder - against of one measure, on the same draws of the same clips. */
export type Comparison = Difference & Pick<Measure, 'metric' | 'protocol' | 'action' | 'card' | 'encoder' | 'better'> & { readonly against: string }

export type Evaluation = { readonly measures: readonly Measure[]; readonly comparisons: readonly Comparison[] }

/**
 * Measures an encoder and its baselines on the clips of one action: a row for every metric, card and encoder, null with a reason where something cannot be
 * computed,
 * and paired differences of the encoder from each baseline. `seeds` are further runs of the same training with other seeds: values are then their mean, and
 * intervals draw the seeds again as well. `metrics` picks some by name. A baseline named in `unlike` is measured and not compared, for the reason given there.
 * `take` answers what `takeMetrics` would find of an encoder, where that was done elsewhere. `onMeasured` hears what each measure was taken from. Throws E_METRIC_UNKNOWN, E_METRIC_PROTOCOL.
 */
export async function evaluate({ encoder, seeds = [], baselines, train, test, action, protocol, metrics, unlike = {}, take, onMeasure, onMeasured }: {
  encoder: Encoder; seeds?: readonly Encoder[]; baselines: readonly Encoder[]; train: readonly Clip[]; test: readonly Clip[]; action: string; protocol: Protocol
  metrics?: readonly string[] | undefined; unlike?: Readonly<Record<string, string>>; take?: (encoder: Encoder) => Promise<readonly Took[]>
  onMeasure?: (measure: Measure) => void; onMeasured?: (measure: Measure, measured: OverSeeds) => void
}): Promise<Evaluation> {
  const chosen = chooseMetrics(metrics, protocol)
  const takenOf = take ?? ((one: Encoder) => takeMetrics(one, chosen, { train, test, protocol }))
  const runs: (readonly Took[])[] = []
  for (const one of [encoder, ...seeds]) runs.push(await takenOf(one))
  const own = runs[0]!
  const overSeeds = (index: number): OverSeeds => (runs.length === 1 ? own[index]!.taken.measured : runs.map((took) => took[index]!.taken.measured))
  const measures: Measure[] = []
  const comparisons: Comparison[] = []
  const labels = { nothing: 'none', events: kindOf(test.map((clip) => eventsOf(clip)?.kind)),
    phases: kindOf(test.map((clip) => phasesOf(clip)?.kind)) } as const
  const add = (name: string, { metric, card, taken }: Took, measured: OverSeeds) => {
    const { metric: full, settings, measured: { n, unit, clips } } = taken
    const measure: Measure = {
      metric: full, protocol: protocol.name, action, card, encoder: name, labels: labels[metric.needs], better: betterOf(metric, full),
      headline: metric.headline, ...estimate(measured, protocol),
      n, unit, clips: clips.length,
      settings: { ...SHARED_SETTINGS, embeddings: protocol.embeddings, ...settings, draws: protocol.draws,
        ...('sums' in measured ? {} : { seeds: measured.length }) },
    }
    measures.push(measure)
    onMeasure?.(measure)
    onMeasured?.(measure, measured)
  }
  for (const [index, took] of own.entries()) add(encoder.name, took, overSeeds(index))
  for (const baseline of baselines) {
    const reason = unlike[baseline.name]
    const theirs = await takenOf(baseline)
    for (const [index, took] of theirs.entries()) {
      add(baseline.name, took, took.taken.measured)
      const { metric, card, taken } = own[index]!
      comparisons.push({
        metric: taken.metric, protocol: protocol.name, action, card, encoder: encoder.name, against: baseline.name,
        better: betterOf(metric, taken.metric),
        ...(reason === undefined ? difference(overSeeds(index), took.taken.measured, protocol) : { value: null, low: null, high: null, p: null, reason }),
      })
    }
  }
  return { measures, comparisons }
}

function kindOf(kinds: readonly (LabelKind | undefined)[]): LabelKind | 'none' {
  if (kinds.includes('pseudo')) return 'pseudo'
  return kinds.includes('annotated') ? 'annotated' : 'none'
}
