import type { Clip } from '../clip.ts'
import { ToolkitError } from '../errors.ts'
import { modelEncoder, type ModelEncoder } from '../eval/embed.ts'
import { valueOf } from '../eval/measured.ts'
import { recutCycleSkill } from '../eval/metrics/re-cut-cycle-skill.ts'
import type { BadClip, DescribedPlan, Loader } from '../loader/index.ts'
import { untrainedWeights } from '../models/index.ts'
import { shellWord } from '../shell-word.ts'
import {
  type Checkpoint, type OnEpoch, runFile, type RunRecord, type Step, type Took, train, type Trained, type TrainOptions, writeCheckpoint,
} from '../train/index.ts'
import { executorOfDevice } from './executor-of-device.ts'
import { modelOfConfig } from './model-of-config.ts'
import { filmsOf } from './model-pictures.ts'
import { startOf } from './start-weights.ts'
import { configOf, type TrainConfig } from './train-config.ts'
import { appendLog, rewindLog, rewindTiming } from './train-log.ts'
import type { Selection } from './train-selection.ts'

export type TrainEvent =
  | { readonly kind: 'start'; readonly record: RunRecord; readonly left: DescribedPlan['left']; readonly steps: number; readonly parameters: number; readonly from: number }
  | { readonly kind: 'step'; readonly step: Step; readonly took: Took; readonly steps: number }
  | { readonly kind: 'validation'; readonly epoch: number; readonly step: number; readonly value: number; readonly best: boolean }
  | { readonly kind: 'bad'; readonly bad: BadClip & { readonly clip: string } }

export type TrainEffects = {
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly signal?: AbortSignal
  readonly onEvent?: (event: TrainEvent) => void
}

/** A training that is ready to begin: `kept` is the checkpoint it goes on from, null = from the start. */
export type ReadyTraining = {
  readonly storeDir: string
  readonly runsDir: string
  readonly record: RunRecord
  readonly selection: Selection
  readonly validation: readonly Clip[]
  /** From where the checkpoint stands. */
  readonly loader: Loader
  /** Clips that the plan leaves out. */
  readonly left: DescribedPlan['left']
  readonly kept: Checkpoint | null
}

/** Trains the model of a run on its clips, from the start or from its checkpoint, writing checkpoint and log. */
export async function runTraining({ storeDir, runsDir, record, selection, validation, loader, left, kept }: ReadyTraining, { now, signal, onEvent = () => {} }: TrainEffects): Promise<Trained> {
  const config = configOf(record)
  const { frames, run } = record
  const [checkpointFile, log, timing] = (['checkpoint', 'log', 'timing'] as const).map((file) => runFile(runsDir, run, file)) as [string, string, string]
  const { skeleton } = selection.entry
  const { model, inputs, loss } = modelOfConfig(record.model, config, { skeleton, frames })
  const about = { run, dataset: record.dataset, split: selection.split.hash, root: selection.manifest.root, ...record.versions }
  const write = (checkpoint: Checkpoint): Promise<void> => writeCheckpoint(checkpointFile, checkpoint, { model, about })
  const start = kept ?? await startOf(record, model, loader.state())
  onEvent({ kind: 'start', record, left, steps: loader.steps, parameters: start.params.length, from: start.step })
  if (kept === null) await write(start)
  await rewindLog(log, start.step)
  await rewindTiming(timing, start.step)

  const executor = executorOfDevice(record.device, record.threads)
  const encoder = modelEncoder({
    name: record.model, model, weights: untrainedWeights(model, record.seed), executor, inputs, skeleton, frames, longClips: config.longClips,
    films: filmsOf(inputs, config, { storeDir, version: selection.manifest.commit }) })
  const checkpointDue = every(config.checkpointEvery, start.loader.epoch)
  try {
    return await train({
      ...trainOptions(config, record.seed), model, loss, executor, frames, steps: loader.steps, start, batches: loader,
      now,
      onStep: (step, took) => {
        appendLog(log, step)
        appendLog(timing, { step: step.step, ...took })
        onEvent({ kind: 'step', step, took, steps: loader.steps })
      },
      onEpoch: validating({ encoder, validation, config, start, log, onEvent }),
      keep: async (checkpoint, end) => {
        if (checkpointDue(checkpoint.loader.epoch) || end) await write(checkpoint)
      },
      adviceOn: (step) => `posetta replay ${run} ${step} --store ${shellWord(storeDir)} --runs ${shellWord(runsDir)} shows the batch`, ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    throw withBatch(error, config, frames)
  } finally {
    await encoder.close()
  }
}

/** What does not fit in memory is told with the batch that asked for it. */
function withBatch(error: unknown, { batch, accumulate, profile }: TrainConfig, frames: number): unknown {
  if (!(error instanceof ToolkitError) || error.code !== 'E_MEMORY') return error
  const parts = Array.from({ length: batch }, (_, i) => i + 1).find((count) => count > accumulate && batch % count === 0)
  const ways = [...(parts === undefined ? [] : [`--set accumulate=${parts}`]), ...(batch > 1 ? [`--set batch=${Math.ceil(batch / 2)}`] : []), `--set frames=${Math.ceil(frames / 2)}`, ...(profile === 'small' ? [] : ['--set profile=small'])]
  return new ToolkitError('E_MEMORY', `steps of ${batch} clips, two views of ${frames} frames each: ${error.message}`, {
    exit: error.exit, cause: error, hint: `${error.hint}: ${ways.join(', ')}` })
}

/** What a config says of its training; `seed` = of what the model draws at each step. */
export function trainOptions(config: TrainConfig, seed: number): Pick<TrainOptions, 'rows' | 'schedule' | 'update' | 'patience'> {
  const { schedule, learningRate, warmUp, beta1, beta2, weightDecay, clipBy, clip, average: { kind, decay, after }, accumulate, precision, lossScale } = config
  return {
    rows: 2 * config.batch, patience: config.patience,
    schedule: schedule === 'plateau' ? { ...config.plateau, kind: schedule, learningRate, warmUp } : { kind: schedule, learningRate, warmUp },
    update: {
      optimiser: { kind: 'adamw', beta1, beta2, weightDecay }, accumulate, precision, seed,
      ...(clipBy === 'none' ? {} : clipBy === 'norm' ? { clipNorm: clip } : { clipValue: clip }),
      ...(kind === 'none' ? {} : { average: kind === 'equal' ? { kind, after } : { kind, decay, after, warmUp: {} } }),
      ...(lossScale.start === 0 && precision === 'float32' ? {} : { lossScale: { every: lossScale.every, ...(lossScale.start === 0 ? {} : { start: lossScale.start }) } }),
    },
  }
}

/** Re-cut cycle skill of the validation clips, every few epochs and at the end; its draws are the same each time and for every run. */
function validating({ encoder, validation, config, start, log, onEvent }: {
  encoder: ModelEncoder; validation: readonly Clip[]; config: TrainConfig; start: Checkpoint; log: string; onEvent: (event: TrainEvent) => void
}): OnEpoch {
  const due = every(config.validateEvery, start.loader.epoch)
  let highest = start.best?.value ?? -Infinity
  return async ({ epoch, step, weights }) => {
    const isDue = due(epoch) || epoch >= config.epochs
    if (!isDue || validation.length === 0) return null
    encoder.use(weights)
    const draws: number[] = []
    for (let seed = 0; seed < config.validationDraws; seed++) {
      const drawn = valueOf(await recutCycleSkill(encoder, validation, { seed }))
      if (drawn === null) return null
      draws.push(drawn)
    }
    const value = draws.reduce((sum, drawn) => sum + drawn, 0) / draws.length
    const best = value > highest
    highest = Math.max(highest, value)
    appendLog(log, { step, epoch, validation: value, best })
    onEvent({ kind: 'validation', epoch, step, value, best })
    return value
  }
}

/** Whether a multiple of `period` was reached since the last call; epochs may come several at a time. */
function every(period: number, start: number): (epoch: number) => boolean {
  let last = start
  return (epoch) => {
    const reached = Math.floor(epoch / period) > Math.floor(last / period)
    last = epoch
    return reached
  }
}
