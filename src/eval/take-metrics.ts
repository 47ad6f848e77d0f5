import type { Clip } from '../clip.ts'
import type { Encoder } from '../encoder.ts'
import { unknownName } from '../errors.ts'
import type { Card } from './cut-card.ts'
import { embeddedSides } from './embedded-sides.ts'
import { unmeasured } from './measured.ts'
import { metrics as allMetrics } from './metrics/index.ts'
import type { Metric, Taken } from './metrics/metric.ts'
import { checkInProtocol, type Protocol } from './protocol.ts'
import { remembering } from './remembering.ts'
import { unitLength } from './unit-length.ts'

/** A measure, the card it was taken of (`views`: the metric draws its own), and the metric of the catalogue that took it. */
export type Took = { readonly metric: Metric; readonly card: Card | 'views'; readonly taken: Taken }

/** What the chosen metrics find of one encoder on the clips of one action, in the order of the catalogue; nothing is drawn again yet. */
export async function takeMetrics(given: Encoder, chosen: readonly Metric[],
  { train, test, protocol }: { train: readonly Clip[]; test: readonly Clip[]; protocol: Protocol }): Promise<Took[]> {
  const encoder = protocol.embeddings === 'unit length' ? unitLength(remembering(given)) : remembering(given)
  const sidesOf = () => embeddedSides(encoder, { train, test, seed: protocol.seed })
  const kept = sidesOf()
  const took: Took[] = []
  const add = (metric: Metric, card: Took['card'], found: readonly Taken[]) => {
    const reason = encoder.lacking?.() ?? null
    for (const taken of found) took.push({ metric, card, taken: reason === null ? taken : withoutValue(taken, test, reason) })
  }
  for (const metric of chosen) {
    // what an encoder lacks is asked measure by measure: each must look for itself
    const input = { encoder, train, test, sides: encoder.lacking === undefined ? kept : sidesOf(), protocol }
    if (metric.shows === 'views') add(metric, 'views', await metric.take(input))
    else for (const card of protocol.cards) add(metric, card, await metric.take({ ...input, card }))
  }
  return took
}

/** A measure of stand-ins is none; one that already says why it has no value stays. */
function withoutValue(taken: Taken, test: readonly Clip[], reason: string): Taken {
  const { clips, unit, reason: known } = taken.measured
  return { ...taken, measured: unmeasured(test.filter(({ id }) => clips.includes(id)), unit, known ?? reason) }
}

/** The metrics of the given names in the order of the catalogue; without names, those of the protocol. Throws E_METRIC_UNKNOWN, E_METRIC_PROTOCOL. */
export function chooseMetrics(names: readonly string[] | undefined, protocol: Protocol): readonly Metric[] {
  const known = allMetrics.map(({ name }) => name)
  const unknown = names?.find((name) => !known.includes(name))
  if (unknown !== undefined) throw unknownName('E_METRIC_UNKNOWN', 'metric', unknown, known)
  for (const name of names ?? []) checkInProtocol(name, protocol)
  return allMetrics.filter(({ name, onRequest }) => names?.includes(name) ?? protocol.metrics?.includes(name) ?? onRequest === undefined)
}

/** Which way a measure of a metric is better: shares of correct answers rise where their errors fall. */
export function betterOf(metric: Metric, full: string): Metric['better'] {
  return /-(correct|close)/.test(full) ? 'higher' : metric.better
}
