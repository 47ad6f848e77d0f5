import type { Clip } from '../../clip.ts'
import type { Encoder } from '../../encoder.ts'
import type { Skeleton } from '../../skeleton.ts'
import { grouped } from '../../store/grouped.ts'
import { difference, estimate, type Estimate } from '../bootstrap.ts'
import { corrupted } from '../corrupted.ts'
import type { CorruptionKind } from '../corruptions/index.ts'
import { macroMean } from '../macro-mean.ts'
import type { Measured } from '../measured.ts'
import type { Metric } from '../metrics/metric.ts'
import { ALL_ACTIONS } from '../over-actions.ts'
import type { Protocol } from '../protocol.ts'
import { betterOf, takeMetrics } from '../take-metrics.ts'

/**
 * A point of a curve with its 95 % interval. `against` null: the measure itself. `clean`: how much it changed from level 0, paired. An encoder's name: by how much the
 * change of the run's own differs from that encoder's, paired; null where level 0 is the point.
 */
export type CurvePoint = Estimate & {
  readonly metric: string
  readonly protocol: string
  readonly action: string
  readonly card: string
  readonly encoder: string
  readonly against: string | null
  readonly kind: string
  readonly level: number
  readonly better: Metric['better']
  /** Two-sided, of a difference. */
  readonly p: number | null
  readonly n: number
  readonly clips: number
}

/** What was measured of one action: every encoder at level 0 and at every level of every kind. */
type Taken = Pick<CurvePoint, 'metric' | 'card' | 'better' | 'encoder' | 'kind' | 'level'> & { readonly action: string; readonly measured: Measured }

type CurveOptions = {
  /** The run's own first. */
  readonly encoders: readonly Encoder[]
  readonly kinds: readonly CorruptionKind[]
  readonly metrics: readonly Metric[]
  readonly protocol: Protocol
  readonly skeletons: readonly Skeleton[]
  readonly onLevel?: (done: { readonly action: string; readonly encoder: string; readonly kind: string; readonly level: number }) => void
}

/**
 * Measures encoders on clips that are corrupted more and more, action by action and, where there are several, as plain means over them. Every encoder sees the same
 * corruption, and everything is drawn again on the same draws of the same recordings, so that differences are paired.
 */
export async function robustnessCurves(actions: readonly { readonly action: string; readonly train: readonly Clip[]; readonly test: readonly Clip[] }[],
  options: CurveOptions): Promise<CurvePoint[]> {
  const taken: Taken[] = []
  for (const sides of actions) taken.push(...await takeAction(sides, options))
  const own = options.encoders[0]!.name
  const of = (action: string) => pointsOf(taken.filter((one) => one.action === action), own, options.protocol)
  return [...actions.flatMap(({ action }) => of(action)), ...(actions.length < 2 ? [] : pointsOf(overActions(taken), own, options.protocol))]
}

async function takeAction({ action, train, test }: { action: string; train: readonly Clip[]; test: readonly Clip[] },
  { encoders, kinds, metrics, protocol, skeletons, onLevel }: CurveOptions): Promise<Taken[]> {
  const taken: Taken[] = []
  for (const encoder of encoders) {
    const clean = await takeMetrics(encoder, metrics, { train, test, protocol })
    for (const kind of kinds) {
      for (const level of kind.levels) {
        const shown = corrupted(encoder, { kind: kind.name, level }, { seed: protocol.seed, skeletons })
        const took = level === 0 ? clean : await takeMetrics(shown, metrics, { train, test, protocol })
        taken.push(...took.map(({ metric, card, taken }) => ({ metric: taken.metric, card, better: betterOf(metric, taken.metric), encoder: encoder.name, kind: kind.name, level,
          action, measured: taken.measured })))
        onLevel?.({ action, encoder: encoder.name, kind: kind.name, level })
      }
    }
  }
  return taken
}

/** The plain mean over the actions in which every encoder has a value at every level. */
function overActions(taken: readonly Taken[]): Taken[] {
  const measureOf = ({ metric, card, action }: Taken) => [metric, card, action].join('\t')
  const lacking = new Set(taken.filter(({ measured }) => measured.reason !== null).map(measureOf))
  const able = taken.filter((one) => !lacking.has(measureOf(one)))
  return [...grouped(able, ({ metric, card, encoder, kind, level }) => [metric, card, encoder, kind, level].join('\t')).values()].map((members) => (
    { ...members[0]!, action: ALL_ACTIONS, measured: macroMean(members.map(({ measured }) => measured)) }))
}

function pointsOf(taken: readonly Taken[], own: string, protocol: Protocol): CurvePoint[] {
  // metric by metric, so that the draws of its clips are made once
  const metrics = [...new Set(taken.map(({ metric, card }) => `${metric}\t${card}`))]
  return metrics.flatMap((metric) => {
    const curves = taken.filter((one) => `${one.metric}\t${one.card}` === metric)
    const at = (encoder: string, kind: string, level: number): Measured => curves.find((one) => one.encoder === encoder && one.kind === kind && one.level === level)!.measured
    return curves.flatMap(({ measured, ...one }): CurvePoint[] => {
      const shared = { ...one, protocol: protocol.name, n: measured.n, clips: measured.clips.length }
      const clean = at(one.encoder, one.kind, 0)
      const value: CurvePoint = { ...shared, against: null, p: null, ...estimate(measured, protocol) }
      if (one.level === 0) return [value]
      const lost: CurvePoint = { ...shared, against: 'clean', ...difference(measured, clean, protocol) }
      if (one.encoder === own) return [value, lost]
      const ownLoss = minus(at(own, one.kind, one.level), at(own, one.kind, 0))
      return [value, lost, { ...shared, encoder: own, against: one.encoder, ...difference(ownLoss, minus(measured, clean), protocol) }]
    })
  })
}

/** a - b on the same clips. */
function minus(a: Measured, b: Measured): Measured {
  return { ...a, sums: { kind: 'difference', a: a.sums, b: b.sums } }
}
