import type { Encoder } from '../encoder.ts'
import type { ModelEncoder } from '../eval/embed.ts'
import type { Protocol } from '../eval/protocol.ts'
import type { RecordedEncoder } from '../eval/recorded.ts'
import { type Footing, unlikeness } from '../eval/unlike.ts'
import { untrainedWeights } from '../models/index.ts'
import { isGiven, readRun, type RunRecord } from '../train/index.ts'
import type { EvalRequest } from './eval-request.ts'
import { openGiven } from './given-run.ts'
import { runEncoder } from './run-encoder.ts'
import { runVersion } from './run-version.ts'

/** What an evaluation measures beside the floors. */
export type OpenEncoders = {
  /** The run's own. */
  readonly encoder: Encoder
  readonly others: readonly Encoder[]
  readonly record: RunRecord
  readonly own: RecordedEncoder | null
  readonly given: readonly RecordedEncoder[]
  readonly open: readonly ModelEncoder[]
  /** Why another run is not compared, by its encoder's name, and in sentences. */
  readonly unlike: Readonly<Record<string, string>>
  readonly warnings: readonly string[]
}

/** The run's encoder, the same before training, and another run's when asked for; close all of `open`. */
export async function openEncoders({ storeDir, runsDir, run, baseline, catalogFiles = [], device, threads }: Pick<EvalRequest,
  'storeDir' | 'runsDir' | 'run' | 'baseline' | 'catalogFiles' | 'device' | 'threads'>): Promise<OpenEncoders> {
  const version = await runVersion(storeDir, await readRun(runsDir, run))
  const options = { storeDir, version, runsDir, catalogFiles, ...(device === undefined ? {} : { device }), ...(threads === undefined ? {} : { threads }) }
  const own = await openRun({ ...options, run })
  const untrained = own.model === null ? [] : [(await runEncoder({ ...options, run: own.record.run, weights: (model, { seed }) => untrainedWeights(model, seed) })).encoder]
  const rivals = baseline === undefined ? [] : [await openRun({ ...options, run: baseline })]
  const opened = [own, ...rivals]
  const apart = rivals.flatMap(({ record }) => {
    const clauses = unlikeness(footingOf(own.record), footingOf(record))
    return clauses.length === 0 ? [] : [{ run: record.run, why: clauses.join('; ') }]
  })
  return {
    unlike: Object.fromEntries(apart.map(({ run, why }) => [`baseline/${run}`, `not alike: ${why}`])),
    warnings: apart.map((one) => `runs ${own.record.run} and ${one.run} are not alike: ${one.why}. Their difference is not taken`),
    encoder: own.encoder, record: own.record, own: own.given, given: opened.flatMap(({ given }) => given ?? []), open: [...opened.flatMap(({ model }) => model ?? []), ...untrained],
    others: [...untrained.map((encoder) => ({ ...encoder, name: 'baseline/untrained' })), ...rivals.map(({ encoder, record }) => ({ ...encoder, name: `baseline/${record.run}` }))],
  }
}

/** How many models a run is a part of; of embeddings that were given it is not known. */
export function scopeOf(record: RunRecord): Protocol['scope'] {
  return isGiven(record) ? null : record.action === null ? 'one model for all actions' : 'one model per action'
}

function footingOf(record: RunRecord): Footing {
  const { run, split, root } = record
  return { run, split, root, scope: scopeOf(record) }
}

/** The encoder of a run: a trained model, or embeddings that were given. */
async function openRun(options: Parameters<typeof runEncoder>[0]): Promise<{ encoder: Encoder; record: RunRecord; model: ModelEncoder | null; given: RecordedEncoder | null }> {
  const record = await readRun(options.runsDir, options.run)
  if (isGiven(record)) {
    const given = await openGiven(options.runsDir, record)
    return { encoder: given, record, model: null, given }
  }
  const { encoder } = await runEncoder({ ...options, run: record.run })
  return { encoder, record, model: encoder, given: null }
}
