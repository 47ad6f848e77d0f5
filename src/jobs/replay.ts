import type { LoaderState } from '../batch.ts'
import { averageFeeds, encodeSafetensors, optimiserFeeds } from '../engine/index.ts'
import { ToolkitError } from '../errors.ts'
import { type Hash, sha256 } from '../hash.ts'
import { replacementOf } from '../loader/bad-clips.ts'
import type { SampleRef } from '../loader/sample.ts'
import type { Model } from '../models/index.ts'
import type { Tensor } from '../tensor.ts'
import { batchFeeds, rateAt, readRun, replaceFile, runFile, type RunRecord, type Step, toldFeeds, type TrainOptions } from '../train/index.ts'
import { type ClipLineage, clipLineages } from './clip-lineage.ts'
import type { LoaderRequest } from './loader-request.ts'
import { clipDims, modelOfConfig } from './model-of-config.ts'
import type { OpenLoader } from './open-loader.ts'
import type { StepDraws } from './recorded-draws.ts'
import { type Again, stepAgain } from './replay-check.ts'
import { trainOptions } from './run-training.ts'
import { runVersion } from './run-version.ts'
import { seenSamples } from './seen-samples.ts'
import { configOf } from './train-config.ts'
import { readLog } from './train-log.ts'
import { openTraining } from './train-loader.ts'
import { type Selection, trainSelection } from './train-selection.ts'

/** What `posetta replay` asks for. */
export type ReplayRequest = Pick<LoaderRequest, 'storeDir' | 'runsDir' | 'catalogFiles' | 'cacheDir'> & {
  readonly run: string
  /** From 1, as in the log. */
  readonly step: number
  /** Computes the loss again, from the last checkpoint before the step or from the start. */
  readonly check: boolean
  /** The download, to hold raw files against; null = nobody looks. */
  readonly rawDir: string | null
  /** A safetensors file of what the step was fed; null = none. */
  readonly output: string | null
}

/** What a step of a training was. */
export type Replay = {
  readonly run: string
  readonly step: number
  readonly epoch: number
  /** null = the log has no such step: it was not reached, or was the one that ended the run. */
  readonly logged: Pick<Step, 'loss' | 'gradientNorm' | 'rate'> | null
  readonly samples: readonly {
    readonly sample: number; readonly place: string
    /** Every `step`-th frame of [start, end) of the clip; null = the whole. */
    readonly window: SampleRef['window']
    /** The clip that could not be read, in whose place this one was taken. */
    readonly insteadOf: string | null
    /** `time` = the frames of the clip that the view has, between two of them where it was played at another tempo. */
    readonly views: readonly { readonly clip: string; readonly frames: number; readonly time: readonly number[]; readonly drawn: readonly StepDraws[] }[]
  }[]
  readonly clips: readonly ClipLineage[]
  /** What was fed, by name; the hash is of the numbers as float32, little-endian. */
  readonly fed: readonly { readonly name: string; readonly shape: readonly number[]; readonly sha256: Hash }[]
  readonly output: string | null
  readonly check: Again | null
}

/**
 * Makes the batch of a step again, from the store's version that the run was trained on. Throws E_STEP_UNKNOWN, E_RUN_UNKNOWN, E_VERSION_GONE, E_SPLIT_CHANGED,
 * and what the loader throws.
 */
export async function replayJob(request: ReplayRequest, effects: { readonly signal?: AbortSignal; readonly onStep?: (step: Step) => void } = {}): Promise<Replay> {
  const { storeDir, runsDir, step, check, rawDir, output } = request
  const record = await readRun(runsDir, request.run)
  const selection = await sameSelection(request, record)
  const log = (await readLog(runFile(runsDir, record.run, 'log'))).filter((line): line is Step => 'loss' in line)
  const logged = log.find((line) => line.step === step)
  const whole = await openTraining({ ...request, record, selection })
  try {
    const state = stateBefore(step, record, whole)
    const configured = modelOfConfig(record.model, configOf(record), { skeleton: selection.entry.skeleton, frames: record.frames })
    const { batch, samples } = await batchAt(state, { request, record, selection, whole, model: configured.model })
    const update = updateFeeds(step, log, { ...trainOptions(configOf(record), record.seed), steps: whole.loader.steps })
    const fed = { ...batch, ...toldFeeds(configured.loss, { step, epoch: state.epoch }), ...update }
    if (output !== null) await replaceFile(output, encodeSafetensors({ tensors: fed, metadata: { run: record.run, step: String(step), root: record.root } }))
    const ids = [...new Set(samples.flatMap(({ views }) => views.map(({ clip }) => clip)))].sort()
    return {
      run: record.run, step, epoch: state.epoch, logged: logged === undefined ? null : { loss: logged.loss, gradientNorm: logged.gradientNorm, rate: logged.rate }, samples,
      clips: await clipLineages({ storeDir, manifest: selection.manifest, ids, entry: selection.entry, rawDir, images: false }),
      fed: Object.entries(fed).map(([name, { shape, data }]) => ({ name, shape, sha256: sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)) })), output,
      check: check ? await stepAgain({ place: request, record, selection, step, logged: logged ?? null }, effects) : null,
    }
  } finally {
    await whole.close()
  }
}

/** The clips of a run, which must be those that it was trained on. */
async function sameSelection(place: ReplayRequest, record: RunRecord): Promise<Selection> {
  const { run, dataset, split, action } = record
  const selection = await trainSelection({
    ...place, dataset, split: split.name, version: await runVersion(place.storeDir, record), action, validation: configOf(record).validation, dims: clipDims(record.model, configOf(record)) })
  if (selection.split.hash === split.hash) return selection
  throw new ToolkitError('E_SPLIT_CHANGED', `run ${run} was trained on split "${split.name}" of hash ${split.hash.slice(0, 12)}, in the store it has ${selection.split.hash.slice(0, 12)}`, {
    hint: 'name the store it was trained on with --store, or make the split of then again under its name' })
}

/** Where the loader of a run stood before a step. */
function stateBefore(step: number, { run }: RunRecord, { loader, plan, about: { batch } }: OpenLoader): LoaderState {
  if (!Number.isSafeInteger(step) || step < 1 || step > loader.steps) {
    throw new ToolkitError('E_STEP_UNKNOWN', `run ${run} has no step ${step}`, { hint: `it has steps 1 to ${loader.steps}` })
  }
  const next = (step - 1) * batch
  return { ...loader.state(), epoch: Math.floor(next / plan.samplesPerEpoch), next }
}

/** The batch after a state: what it feeds, and what it was made of. */
async function batchAt(state: LoaderState, { request, record, selection, whole, model }: {
  request: ReplayRequest; record: RunRecord; selection: Selection; whole: OpenLoader; model: Model
}): Promise<{ batch: Record<string, Tensor>; samples: Replay['samples'] }> {
  const open = await openTraining({ ...request, record, selection, state })
  try {
    for await (const batch of open.loader) {
      const fed = Object.fromEntries(Object.entries(batchFeeds(batch, model)).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]))
      return { batch: fed, samples: await samplesOf(whole, { first: state.next, ids: batch.ids, bad: new Set(open.loader.bad.map(({ row }) => row)) }) }
    }
    throw new Error(`no batch after sample ${state.next}`)
  } finally {
    await open.close()
  }
}

/** What a step feeds its update. What only a training knows, a plateau's rate and which steps a loss scale made skip, is read in the log. */
function updateFeeds(step: number, log: readonly Step[], { schedule, steps, update: { optimiser, average } }: Pick<TrainOptions, 'schedule' | 'steps' | 'update'>): Record<string, Tensor> {
  const before = log.filter((line) => line.step < step)
  const known = log.find((line) => line.step === step) ?? (schedule.kind === 'plateau' ? before.at(-1) : undefined)
  const update = step - before.filter(({ gradientNorm }) => gradientNorm === null).length
  return { ...optimiserFeeds(known?.rate ?? rateAt(step, { schedule, steps }), update, optimiser), ...(average === undefined ? {} : averageFeeds(update, average)) }
}

/** The samples of a batch with all that was drawn for them, those in whose place others were taken too. */
async function samplesOf(open: OpenLoader, { first, ids, bad }: { first: number; ids: readonly string[]; bad: ReadonlySet<number> }): Promise<Replay['samples']> {
  const { plan, source } = open
  const isRead = ({ row, partner }: SampleRef): boolean => !bad.has(row) && (partner === null || !bad.has(partner))
  const wanted = ids.map((_, i) => {
    const [sample, planned] = [first + i, plan.sampleAt(first + i)]
    let ref = planned
    for (let attempt = 0; !isRead(ref); attempt++) ref = replacementOf(plan, sample, attempt)
    return { sample, ref, insteadOf: ref === planned ? null : source.clips.id(bad.has(planned.row) ? planned.row : planned.partner!) }
  })
  const seen = await seenSamples(open, wanted)
  return seen.map(({ sample, place, views }, i) => ({
    sample, place, window: wanted[i]!.ref.window, insteadOf: wanted[i]!.insteadOf,
    views: views.map(({ seen: { id, frames, time }, drawn }) => ({ clip: id, frames, time: Array.from(time), drawn })),
  }))
}
