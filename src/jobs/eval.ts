import { join } from 'node:path'
import { entryOf, readCatalog } from '../catalog.ts'
import type { Clip } from '../clip.ts'
import type { Encoder } from '../encoder.ts'
import { ToolkitError } from '../errors.ts'
import { baselines } from '../eval/baselines/index.ts'
import type { OverSeeds } from '../eval/bootstrap.ts'
import { corrupted } from '../eval/corrupted.ts'
import { corruptionText, parseCorruption } from '../eval/corruptions/index.ts'
import type { ModelEncoder } from '../eval/embed.ts'
import { type Comparison, evaluate, type Evaluation, type Measure } from '../eval/evaluate.ts'
import { type MeasureItems, writeItems } from '../eval/item-table.ts'
import { embedClips } from '../eval/measured.ts'
import { mergeEvaluations } from '../eval/merge-evaluations.ts'
import { overActions, type TakenMeasure } from '../eval/over-actions.ts'
import { type Probed, probeEncoder } from '../eval/probes/probe-encoder.ts'
import { writeProbes } from '../eval/probes/probe-table.ts'
import { type Protocol, protocolOf } from '../eval/protocol.ts'
import type { RecordedEncoder } from '../eval/recorded.ts'
import { remembering } from '../eval/remembering.ts'
import { readMeasures, writeEmbeddings, writeMeasures } from '../eval/run-tables.ts'
import { itemsOf } from '../eval/sums.ts'
import { type Footing, scopeWarning, unlikeness } from '../eval/unlike.ts'
import { bare } from '../eval/views.ts'
import { fewNames } from '../few-names.ts'
import { untrainedWeights } from '../models/index.ts'
import type { Side } from '../split.ts'
import { readClips, readSplit, readVersion } from '../store/index.ts'
import { isGiven, readRun, type RunRecord } from '../train/index.ts'
import { noteEvaluation } from './eval-log.ts'
import { openGiven } from './given-run.ts'
import { clipDims } from './model-of-config.ts'
import { nothingToTest } from './nothing-to-test.ts'
import { runEncoder } from './run-encoder.ts'
import { runVersion } from './run-version.ts'
import { membersIn, refuseLacking } from './split-members.ts'
import { configOf } from './train-config.ts'
import { versions } from './versions.ts'

/** What `posetta eval` asks for. */
export type EvalRequest = {
  readonly storeDir: string
  readonly runsDir: string
  readonly run: string
  /** Names of metrics; left out = all but the slow ones. */
  readonly metrics?: readonly string[]
  readonly protocol?: string
  /** Another run to stand among the floors. */
  readonly baseline?: string
  /** `missing=0.2`, a kind of `corruptions` and its level: what every encoder is shown is corrupted so. */
  readonly corrupt?: string
  readonly catalogFiles?: readonly string[]
  /** What computes embeddings; the run's own when left out. */
  readonly device?: string
  readonly threads?: number
}

export type EvalResult = {
  readonly run: string
  readonly measures: readonly Measure[]
  readonly comparisons: readonly Comparison[]
  /** What the run's encoder turns out to be, then the untrained one and another run's. */
  readonly probes: readonly Probed[]
  readonly files: readonly string[]
  /** What a reader of the values must know: runs and protocols that are not alike, given embeddings that were not asked for, probes that could not be taken. */
  readonly warnings: readonly string[]
}

/**
 * Measures a run and every floor on the test side of its split, one action after the other and, where there are several, as means over them, and keeps `embeddings.parquet`, `measures.parquet`, `items.parquet`
 * (what each clip or pair adds to the run's own measures of one action), `probes.parquet` (what kind of encoder it is) and, in `evaluations.json`, what was asked for, in the run's folder;
 * measures taken before under other metrics or protocols stay. Throws E_VERSION_GONE when the store does not hold the version the run was trained on,
 * E_CLIP_PURGED when clips it needs were purged from it, E_RUN_GIVEN for corrupted clips beside embeddings that were given.
 */
export async function evalJob(request: EvalRequest, effects: { onMeasure?: (measure: Measure) => void } = {}): Promise<EvalResult> {
  const corruption = request.corrupt === undefined ? null : parseCorruption(request.corrupt)
  const named = protocolOf(request.protocol ?? 'primary')
  const corrupt = corruption === null ? null : corruptionText(corruption)
  const protocol = corrupt === null ? named : { ...named, name: `${named.name}+${corrupt}` }
  const opened = await openEncoders(request)
  try {
    const { record } = opened
    if (corruption !== null && opened.given.length > 0) throw new ToolkitError('E_RUN_GIVEN', `--corrupt ${corrupt}: embeddings that were given cannot be shown corrupted clips`, { hint: 'leave --corrupt out, or name runs that have a model' })
    const { train, test, leftOut } = await readSides(request, record)
    for (const given of opened.given) given.know({ train, test })
    const encoder = remembering(opened.encoder)
    const { skeletons } = entryOf(await readCatalog(request.catalogFiles ?? []), record.dataset)
    const shown = (one: Encoder) => (corruption === null ? one : corrupted(one, corruption, { ...protocol, skeletons }))
    const actions = [...new Set(test.map(({ labels }) => labels.action ?? 'none'))].sort()
    let found: Evaluation = { measures: [], comparisons: [] }
    const items: MeasureItems[] = []
    const taken: TakenMeasure[] = []
    for (const action of actions) {
      const ofAction = (clip: Clip) => (clip.labels.action ?? 'none') === action
      const part = await evaluateAction({ encoder, others: opened.others, train: train.filter(ofAction), test: test.filter(ofAction), action, protocol,
        shown, metrics: request.metrics, unlike: opened.unlike, onMeasured: (measure, measured) => {
          taken.push({ measure, measured })
          if (measure.encoder === encoder.name) items.push({ measure, items: [measured].flat().flatMap(({ sums, clips }) => itemsOf(sums, clips)) })
        }, ...effects })
      found = { measures: [...found.measures, ...part.measures], comparisons: [...found.comparisons, ...part.comparisons] }
    }
    if (actions.length > 1) {
      const { measures, comparisons } = overActions(taken, { encoder: encoder.name, unlike: opened.unlike, seed: protocol.seed, draws: protocol.draws })
      for (const measure of measures) effects.onMeasure?.(measure)
      found = { measures: [...found.measures, ...measures], comparisons: [...found.comparisons, ...comparisons] }
    }
    const folder = join(request.runsDir, record.run)
    const before = await readMeasures(folder)
    const files = [await writeMeasures(folder, record.run, before === null ? found : mergeEvaluations(before, found)), await writeItems(folder, record.run, items)]
    await noteEvaluation(request.runsDir, record.run, {
      protocol: named.name, metrics: request.metrics === undefined ? null : [...new Set(request.metrics)], corrupt,
      baseline: request.baseline === undefined ? null : (await readRun(request.runsDir, request.baseline)).run,
      device: request.device ?? record.device, threads: request.threads ?? record.threads, versions: await versions(),
      took: [...new Set(found.measures.map(({ metric }) => metric))],
    })
    const { probes, notProbed } = await probeAll(encoder, opened.others, test, protocol)
    files.push(await writeProbes(folder, record.run, probes))
    if (corruption === null) files.push(await writeEmbeddings(folder, record.run, await embedWhole(encoder, test)))
    return { run: record.run, ...found, probes, files, warnings: [...opened.warnings, ...scopeWarning({ run: record.run, scope: scopeOf(record) }, named), ...notProbed, ...leftOutText(leftOut), ...unusedText(opened.own?.unused() ?? [])] }
  } finally {
    for (const one of opened.open) await one.close()
  }
}

/** The run's encoder first; without its views nothing is probed, and of the others those that lack theirs are not. */
async function probeAll(own: Encoder, others: readonly Encoder[], test: readonly Clip[], protocol: Protocol): Promise<{ probes: Probed[]; notProbed: string[] }> {
  const probes: Probed[] = []
  const notProbed: string[] = []
  for (const one of [own, ...others]) {
    const probed = await probeEncoder(one, test, protocol)
    const reason = one.lacking?.() ?? null
    if (reason === null) probes.push(probed)
    else notProbed.push(`${one === own ? 'it' : one.name} was not probed: ${reason}`)
    if (probes.length === 0) break
  }
  return { probes, notProbed }
}

async function evaluateAction({ encoder, others, action, protocol, shown, metrics, ...sides }: {
  encoder: Encoder; others: readonly Encoder[]; train: readonly Clip[]; test: readonly Clip[]; action: string; protocol: Protocol
  /** An encoder as it is measured: shown clips as they are, or corrupted. */
  shown: (encoder: Encoder) => Encoder
  metrics: readonly string[] | undefined; unlike: Readonly<Record<string, string>>; onMeasure?: (measure: Measure) => void; onMeasured: (measure: Measure, measured: OverSeeds) => void
}): Promise<Evaluation> {
  const floors = [...baselines.map(({ make }) => make({ action, seed: protocol.seed })), ...others]
  return evaluate({ ...sides, action, protocol, metrics, encoder: shown(encoder), baselines: floors.map(shown) })
}

/** The run's encoder, the same before training, and another run's when asked for; close all of `open`. */
export async function openEncoders({ storeDir, runsDir, run, baseline, catalogFiles = [], device, threads }: Pick<EvalRequest,
  'storeDir' | 'runsDir' | 'run' | 'baseline' | 'catalogFiles' | 'device' | 'threads'>): Promise<{
  encoder: Encoder; others: readonly Encoder[]; record: RunRecord; own: RecordedEncoder | null; given: readonly RecordedEncoder[]; open: readonly ModelEncoder[]
  /** Why another run is not compared, by its encoder's name, and in sentences. */
  unlike: Readonly<Record<string, string>>; warnings: readonly string[]
}> {
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

/** Clips of the test side that are not measured, in a sentence; none where there are none. */
export function leftOutText(clips: readonly Clip[]): string[] {
  const kinds = [...new Set(clips.map(({ skeleton, dims }) => `${skeleton} in ${dims} dimensions`))]
  return clips.length === 0 ? [] : [`${clips.length} clips of the test side are not measured, the model does not take their joints (${kinds.join(', ')}): ${fewNames(clips.map(({ id }) => id))}`]
}

function unusedText(ids: readonly string[]): string[] {
  return ids.length === 0 ? [] : [`${ids.length} of the given embeddings were not asked for by this evaluation: ${fewNames(ids)}`]
}

/** What of a run says which clips it is measured on: where it has a model, those of the data set's first skeleton in as many dimensions as it takes. */
export type Measurable = Pick<RunRecord, 'run' | 'dataset' | 'split' | 'root' | 'action'> & Partial<Pick<RunRecord, 'model' | 'config'>>

/** The clips of a run's split: the train side by the catalog's rule for training, the test side as it is; of the run's action only. `leftOut`: clips of the test side that its model does not take. Throws what `nothingToTest` makes. */
export async function readSides({ storeDir, catalogFiles = [] }: Pick<EvalRequest, 'storeDir' | 'catalogFiles'>,
  record: Measurable): Promise<{ train: Clip[]; test: Clip[]; leftOut: Clip[] }> {
  const { entry, manifest, split, lacking, fits, joints, all, side } = await openSides({ storeDir, catalogFiles }, record)
  await refuseLacking(lacking, { storeDir, manifest, split, entry, action: record.action })
  const [train, validation, tested] = [await side('train'), split.sides.validation === undefined ? [] : await side('validation'), await all('test')]
  const test = tested.filter(fits)
  if (test.length === 0) throw nothingToTest({ entry, split: record.split.name, action: record.action }, await joints('test'))
  return { train: [...train, ...validation].filter(({ flags }) => !entry.trainable.withoutFlags.some((flag) => flags.includes(flag))), test, leftOut: tested.filter((clip) => !fits(clip)) }
}

/** The clips of the test side of a run that were not purged since. */
export async function readTestLeft(place: Pick<EvalRequest, 'storeDir' | 'catalogFiles'>, record: RunRecord): Promise<Clip[]> {
  return (await openSides(place, record)).side('test')
}

async function openSides({ storeDir, catalogFiles = [] }: Pick<EvalRequest, 'storeDir' | 'catalogFiles'>, record: Measurable) {
  const entry = entryOf(await readCatalog(catalogFiles), record.dataset)
  const version = await runVersion(storeDir, record)
  const manifest = await readVersion(storeDir, record.dataset, version)
  const split = await readSplit(storeDir, record.dataset, record.split.name)
  const { sides, lacking } = await membersIn(storeDir, manifest, split)
  const { model, config } = record
  const dims = model === undefined || config === undefined || isGiven({ config }) ? null : clipDims(model, configOf({ config }))
  const joints = async (name: Side) => (await readClips(storeDir, record.dataset, sides[name] ?? [], { version })).filter(({ keypoints }) => keypoints !== null)
  const all = async (name: Side) => (await joints(name)).filter(({ labels }) => record.action === null || labels.action === record.action)
  const fits = (clip: Clip): boolean => dims === null || (clip.dims === dims && clip.skeleton === entry.skeleton.name)
  return { entry, manifest, split, lacking, fits, joints, all, side: async (name: Side) => (await all(name)).filter(fits) }
}

/** Test clips whole, under their own names. */
async function embedWhole(encoder: Encoder, test: readonly Clip[]) {
  const embedded = await embedClips(encoder, test.map((clip) => bare(clip).clip))
  return embedded.map(({ embedding }, index) => ({ clip: test[index]!, embedding }))
}
