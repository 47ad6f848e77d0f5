import type { Clip } from '../clip.ts'
import type { Encoder } from '../encoder.ts'
import { unknownName } from '../errors.ts'
import type { Card } from './cut-card.ts'
import { embeddedSides } from './embedded-sides.ts'
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
  const sides = embeddedSides(encoder, { train, test, seed: protocol.seed })
  const took: Took[] = []
  const input = { encoder, train, test, sides, protocol }
  for (const metric of chosen) {
    if (metric.shows === 'views') for (const taken of await metric.take(input)) took.push({ metric, card: 'views', taken })
    else for (const card of protocol.cards) for (const taken of await metric.take({ ...input, card })) took.push({ metric, card, taken })
  }
  return took
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
