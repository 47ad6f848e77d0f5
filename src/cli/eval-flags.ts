import { Flags } from '@oclif/core'
import { ToolkitError } from '../errors.ts'
import type { EvalRequest } from '../jobs/eval-request.ts'
import type { EvalGivenRequest, ViewsRequest } from '../jobs/eval-given.ts'
import { devices } from '../jobs/executor-of-device.ts'

/** What an evaluation is asked for. */
export const evalFlags = {
  metric: Flags.string({ multiple: true, multipleNonGreedy: true, description: 'only these; posetta metrics lists them' }),
  protocol: Flags.string({ description: 'how each is measured; posetta metrics lists them' }),
  corrupt: Flags.string({ description: 'KIND=LEVEL, such as missing=0.2: show every encoder corrupted clips' }),
  baseline: Flags.string({ description: 'another run among the floors' }),
  device: Flags.string({ options: [...devices], description: "what computes embeddings; the run's own when not given" }),
  workers: Flags.integer({ min: 0, description: 'threads that measure; one per core where there is much to measure' }),
  embeddings: Flags.string({ description: 'in place of a run: an .npz or .parquet file of embeddings by clip' }),
  'write-views': Flags.string({ description: 'write what an encoder would be shown to this .parquet file, and measure nothing', exclusive: ['embeddings', 'baseline', 'corrupt', 'device', 'workers'] }),
  dataset: Flags.string({ description: 'what the embeddings are of (penn-action)' }),
  split: Flags.string({ description: 'the split whose test side is measured (official)' }),
  action: Flags.string({ description: 'one action; all when not given' }),
}

type Given = {
  readonly store: string; readonly runs: string; readonly catalog?: string[] | undefined; readonly metric?: string[] | undefined; readonly protocol?: string | undefined
  readonly corrupt?: string | undefined; readonly baseline?: string | undefined; readonly device?: string | undefined; readonly workers?: number | undefined; readonly embeddings?: string | undefined
  readonly 'write-views'?: string | undefined; readonly dataset?: string | undefined; readonly split?: string | undefined; readonly action?: string | undefined
}

/** A run to measure, embeddings to measure, or views to write. Throws E_USAGE. */
export function evalAsked(run: string | undefined, flags: Given): { run: EvalRequest } | { given: EvalGivenRequest } | { views: ViewsRequest } {
  const { store, runs, catalog = [], metric, protocol, corrupt, baseline, device, workers, embeddings, 'write-views': writeViews, dataset, split, action } = flags
  const place = { storeDir: store, catalogFiles: catalog, ...(metric === undefined ? {} : { metrics: metric }), ...(protocol === undefined ? {} : { protocol }) }
  const how = { ...place, runsDir: runs, ...(corrupt === undefined ? {} : { corrupt }), ...(baseline === undefined ? {} : { baseline }), ...(device === undefined ? {} : { device }), ...(workers === undefined ? {} : { workers }) }
  const file = embeddings ?? writeViews
  if ((run === undefined) === (file === undefined)) {
    throw new ToolkitError('E_USAGE', run === undefined ? 'nothing to measure' : 'both a run and a file', { hint: 'posetta eval RUN, or eval --embeddings FILE --dataset D --split S' })
  }
  if (file === undefined) {
    const astray = Object.entries({ dataset, split, action }).find(([, value]) => value !== undefined)
    if (astray !== undefined) throw new ToolkitError('E_USAGE', `--${astray[0]} says what --embeddings or --write-views are of; a run has its own`)
    return { run: { ...how, run: run! } }
  }
  const of = { file, dataset: dataset ?? 'penn-action', split: split ?? 'official', action: action ?? null }
  return embeddings === undefined ? { views: { ...place, ...of } } : { given: { ...how, ...of } }
}
