import { ToolkitError, unknownName } from '../errors.ts'
import { ae2 } from './protocols/ae2.ts'
import { carl } from './protocols/carl.ts'
import { casa } from './protocols/casa.ts'
import { gtcc } from './protocols/gtcc.ts'
import { lav } from './protocols/lav.ts'
import { primary, quick } from './protocols/primary.ts'
import type { Protocol } from './protocols/protocol.ts'
import { tcc } from './protocols/tcc.ts'
import { vaot } from './protocols/vaot.ts'

export type { Protocol } from './protocols/protocol.ts'

/** The protocols by name: ours, then those of published code, each as that code does it; no two of them measure the same. */
export const protocols: readonly Protocol[] = [primary, quick, tcc, casa, carl, lav, vaot, ae2, gtcc]

/** The protocol of a name; throws E_PROTOCOL_UNKNOWN with what exists. */
export function protocolOf(name: string): Protocol {
  const found = protocols.find((protocol) => protocol.name === name)
  if (found === undefined) throw unknownName('E_PROTOCOL_UNKNOWN', 'protocol', name, protocols.map((protocol) => protocol.name))
  return found
}

/** Throws E_METRIC_PROTOCOL for a metric that the protocol's own code does not take. */
export function checkInProtocol(metric: string, { name, metrics, onRequest }: Protocol): void {
  if (metrics === null || metrics.includes(metric) || onRequest.includes(metric)) return
  throw new ToolkitError('E_METRIC_PROTOCOL', `protocol ${name} has no ${metric}`, {
    hint: `it takes ${[...metrics, ...onRequest].join(', ')}; --protocol primary takes every metric` })
}

/** What every protocol shares, recorded beside each value. */
export const SHARED_SETTINGS = { distance: 'squared Euclidean, float64', ties: 'first index', pairs: 'ordered, one action, different recordings' } as const
