import { entryOf, readCatalog } from '../../src/catalog.ts'
import type { Encoder } from '../../src/encoder.ts'
import { baselines } from '../../src/eval/baselines/index.ts'
import { corrupted } from '../../src/eval/corrupted.ts'
import { parseCorruption } from '../../src/eval/corruptions/index.ts'
import type { Measured } from '../../src/eval/measured.ts'
import type { Metric, Settings } from '../../src/eval/metrics/metric.ts'
import { type Protocol, protocolOf } from '../../src/eval/protocol.ts'
import { betterOf, chooseMetrics, takeMetrics } from '../../src/eval/take-metrics.ts'
import { runEncoder } from '../../src/jobs/run-encoder.ts'
import { untrainedWeights } from '../../src/models/index.ts'
import type { RunRecord } from '../../src/train/index.ts'
import type { Place } from './place.ts'
import { sidesOf } from './sides.ts'
import { type Condition, PENN, type Spec } from './spec.ts'

/** What stands in a line of the table: a trained row, or a floor. */
export type Subject = { readonly label: string; readonly isFloor: boolean }

/** A measure's full name and card. */
export type Kind = Pick<Metric, 'better' | 'needs'> & { readonly metric: string; readonly card: string; readonly settings: Settings }

/** Everything that was found, of every subject under every condition and action, seeds in order (floors have one), nothing drawn again yet. */
export type Found = {
  readonly protocol: Protocol
  readonly subjects: readonly Subject[]
  readonly conditions: readonly Condition[]
  readonly kinds: readonly Kind[]
  readonly at: (place: { subject: string; condition: string; action: string; metric: string; card: string }) => readonly Measured[]
}

/** Measures the runs of every row (`runsOf` answers them by action, seeds in order), and every floor, one action after the other. */
export async function measured(spec: Spec, actions: readonly string[], place: Place, { runsOf, onAction }: {
  runsOf: (row: string, action: string) => readonly RunRecord[]; onAction: (action: string) => void
}): Promise<Found> {
  const protocol = protocolOf('primary')
  const chosen = chooseMetrics(place.metrics ?? spec.metrics, protocol)
  const conditions = spec.conditions ?? [{ label: 'clean' }]
  const { skeletons } = entryOf(await readCatalog(), (spec.data ?? PENN).dataset)
  const found = new Map<string, Measured[]>()
  const kinds = new Map<string, Kind>()
  for (const action of actions) {
    onAction(action)
    const sides = await sidesOf(runsOf(spec.rows[0]!.label, action)[0]!, action, place)
    const measure = async (subject: string, encoder: Encoder): Promise<void> => {
      for (const { label: condition, corrupt, clips } of conditions) {
        const shown = corrupt === undefined ? encoder : corrupted(encoder, parseCorruption(corrupt), { ...protocol, skeletons })
        for (const { metric, card, taken } of await takeMetrics(shown, chosen, { train: sides.train, test: clips?.(sides.test) ?? sides.test, protocol })) {
          const key = keyOf({ subject, condition, action, metric: taken.metric, card })
          found.set(key, [...found.get(key) ?? [], taken.measured])
          kinds.set(`${taken.metric}/${card}`, { metric: taken.metric, card, better: betterOf(metric, taken.metric), needs: metric.needs, settings: taken.settings })
        }
      }
    }
    for (const { label } of spec.rows) for (const run of runsOf(label, action)) await withEncoder(run, place, 'trained', (encoder) => measure(label, encoder))
    for (const { name, make } of floorsOf(spec)) await measure(name, make({ action, seed: protocol.seed }))
    await withEncoder(runsOf(spec.rows[0]!.label, action)[0]!, place, 'untrained', (encoder) => measure(UNTRAINED, encoder))
  }
  const subjects = [...spec.rows.map(({ label }) => ({ label, isFloor: false })), ...[...floorsOf(spec).map(({ name }) => name), UNTRAINED].map((label) => ({ label, isFloor: true }))]
  return { protocol, subjects, conditions, kinds: [...kinds.values()], at: (place) => found.get(keyOf(place)) ?? [] }
}

/** The first row's encoder before its training. */
const UNTRAINED = 'baseline/untrained'

function floorsOf({ floors }: Spec) {
  return baselines.filter(({ name }) => floors === undefined || floors.includes(name))
}

function keyOf({ subject, condition, action, metric, card }: Parameters<Found['at']>[0]): string {
  return JSON.stringify([subject, condition, action, metric, card])
}

/** One engine thread: the same bits whatever the machine has to offer. */
async function withEncoder(run: RunRecord, { storeDir, runsDir }: Place, as: 'trained' | 'untrained', use: (encoder: Encoder) => Promise<void>): Promise<void> {
  const { encoder } = await runEncoder({ storeDir, runsDir, run: run.run, threads: 1, ...(as === 'trained' ? {} : { weights: (model, { seed }) => untrainedWeights(model, seed) }) })
  try {
    await use(encoder)
  } finally {
    await encoder.close()
  }
}
