import { setImmediate } from 'node:timers/promises'
import type { Batch, LoaderState } from '../batch.ts'
import {
  type Executor, firstNonFinite, flatParameters, type Graph, input, learningRateAt, type Node, nonFiniteText, type Optimiser, optimiserFeeds, type
  Program, type Schedule, trainingGraph, type TrainingGraph,
} from '../engine/index.ts'
import { ToolkitError } from '../errors.ts'
import { initialise, type Model } from '../models/index.ts'
import type { Tensor } from '../tensor.ts'
import type { Best, Checkpoint } from './checkpoint.ts'
import { flatten } from './flat.ts'
import type { Loss } from './losses/index.ts'

/** What one step was. */
export type Step = {
  /** From 1. */
  readonly step: number
  readonly epoch: number
  readonly loss: number
  readonly rate: number
  /** Before clipping. */
  readonly gradientNorm: number
}

/** How long a step took: another time each time, so that no result depends on it. */
export type Took = {
  /** From asking for the batch to the end of the computation. */
  readonly seconds: number
  /** Of these, until the batch was there. */
  readonly waitSeconds: number
  readonly samples: number
}

/** What stands at the end of an epoch. The answer is the value on the validation part, higher is better; null = not measured this time. */
export type OnEpoch = (end: { readonly epoch: number; readonly step: number; readonly params: Float32Array }) => Promise<number | null>

export type TrainOptions = {
  readonly model: Model
  readonly loss: Loss
  readonly executor: Executor
  /** Rows and frames of every batch. */
  readonly rows: number
  readonly frames: number
  /** Steps of the whole run, those before a resume included: the schedule spans them. */
  readonly steps: number
  readonly schedule: Schedule
  readonly optimiser: Optimiser
  readonly clip: number
  /** Validations without a better value after which training ends; 0 = never. */
  readonly patience?: number
  readonly start: Checkpoint
  /** From where `start` stands. */
  readonly batches: AsyncIterable<Batch>
  readonly onStep?: (step: Step, took: Took) => void
  readonly onEpoch?: OnEpoch
  /** Called after an epoch with what a checkpoint needs, and once more at the end, whatever ended it. */
  readonly keep?: (checkpoint: Checkpoint, end: boolean) => Promise<void>
  /** What to do about a step whose numbers are not finite, for the error. */
  readonly adviceOn?: (step: number) => string
  readonly signal?: AbortSignal
  /** Milliseconds, for how long steps take. */
  readonly now?: () => number
}

export type Trained = { readonly checkpoint: Checkpoint; readonly ended: 'finished' | 'early' | 'interrupted' }

/** Where a new training begins. */
export function freshStart(model: Model, { seed, loader }: { seed: number; loader: LoaderState }): Checkpoint {
  const params = flatten(model.parameters, initialise(model.parameters, seed))
  return { step: 0, loader, params, states: {}, best: null, stale: 0 }
}

/**
 * Trains until the batches end, patience ends or the signal comes; the best parameters on the validation part are kept beside the last ones.
 * Throws E_LOSS when loss, gradient or parameters are no numbers any more, with the operation that the first one came from: the last checkpoint stays as it is.
 */
export async function train(options: TrainOptions): Promise<Trained> {
  const { model, rows, frames, start, signal, now = () => performance.now() } = options
  const graph = graphOf(options, { rows, frames })
  const program = await options.executor.compile(graph)
  try {
    await program.writeState(statesAt(graph, start))
    let at: Progress = { step: start.step, loader: start.loader, best: start.best, stale: start.stale }
    let ended: Trained['ended'] = 'finished'
    let asked = now()
    for await (const batch of options.batches) {
      if (signal?.aborted === true) { ended = 'interrupted'; break }
      const had = now()
      const step = await runStep({ program, graph }, batch, at.step + 1, options)
      options.onStep?.(step, { seconds: (now() - asked) / 1000, waitSeconds: (had - asked) / 1000, samples: batch.ids.length })
      const epochs = batch.state.epoch - at.loader.epoch
      at = { ...at, step: at.step + 1, loader: batch.state }
      if (epochs > 0) at = await endEpoch(program, at, options)
      if (options.patience !== undefined && options.patience > 0 && at.stale >= options.patience) { ended = 'early'; break }
      // running the graph holds the thread: this is where a message asking to stop can arrive
      await setImmediate()
      asked = now()
    }
    const checkpoint = await checkpointOf(program, at)
    await options.keep?.(checkpoint, true)
    return { checkpoint, ended }
  } finally {
    await program.close()
  }

  function graphOf({ loss, optimiser, clip }: TrainOptions, size: { rows: number; frames: number }): TrainingGraph {
    const shapes = { ...model.inputs(size.rows, size.frames), ...batchInputs(size) }
    const inputs = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, input(name, shape)]))
    const { flat, params } = flatParameters(model.parameters)
    const node: Node = loss(model.forward(inputs, params), inputs)
    return trainingGraph({ loss: node, inputs: Object.values(inputs), parameters: model.parameters, flat, params, optimiser, clipNorm: clip })
  }
}

/** What the states of a graph are at a checkpoint. Throws E_CHECKPOINT for one that another optimiser left. */
function statesAt({ start: begin }: TrainingGraph, { step, params, states }: Checkpoint): Record<string, Tensor> {
  const fresh = begin(params)
  if (step === 0) return fresh
  const found: Readonly<Record<string, Float32Array>> = { ...states, params }
  const astray = [...Object.keys(fresh).filter((name) => !(name in found)), ...Object.keys(found).filter((name) => !(name in fresh))]
  if (astray.length > 0) {
    throw new ToolkitError('E_CHECKPOINT', `the checkpoint after step ${step} has ${Object.keys(found).join(', ')}, the optimiser carries ${Object.keys(fresh).join(', ')}`, {
      hint: 'go on with the version and the settings that the run began with, or start a new one' })
  }
  return Object.fromEntries(Object.entries(fresh).map(([name, { shape }]) => [name, { shape, data: found[name]! }]))
}

type Progress = Pick<Checkpoint, 'step' | 'loader' | 'best' | 'stale'>

/** What losses are fed beside what the model is. */
function batchInputs({ rows, frames }: { rows: number; frames: number }): Record<string, readonly number[]> {
  return { mask: [rows, frames], time: [rows, frames], length: [rows] }
}

async function runStep(compiled: { program: Program; graph: Graph }, batch: Batch, step: number, options: TrainOptions): Promise<Step> {
  const { rate, feeds } = stepFeeds(batch, step, options)
  const result = await compiled.program.run(feeds)
  const [loss, gradientNorm] = [result['loss']!.data[0]!, result['gradientNorm']!.data[0]!]
  if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) throw await notFinite(compiled, { loss, gradientNorm }, { step, batch, feeds }, options)
  return { step, epoch: batch.epoch, loss, rate, gradientNorm }
}

/** All that a step feeds its graph, and its learning rate. */
export function stepFeeds(
  { tensors }: Pick<Batch, 'tensors'>, step: number, { model, schedule, steps, optimiser }: Pick<TrainOptions, 'model' | 'schedule' | 'steps' | 'optimiser'>,
): { rate: number; feeds: Record<string, Tensor> } {
  const rate = learningRateAt(step - 1, steps, schedule)
  return { rate, feeds: { ...tensors, ...model.feeds(tensors), ...optimiserFeeds(rate, step, optimiser) } }
}

/** The step is done again on the state before it, to name the node that it went wrong at. */
async function notFinite(
  { program, graph }: { program: Program; graph: Graph }, { loss, gradientNorm }: Pick<Step, 'loss' | 'gradientNorm'>,
  { step, batch: { ids, epoch }, feeds }: { step: number; batch: Batch; feeds: Readonly<Record<string, Tensor>> }, { executor, adviceOn }: TrainOptions,
): Promise<ToolkitError> {
  const found = await firstNonFinite(executor, graph, { state: await program.readPreviousState(), feeds })
  const what = Number.isFinite(loss) ? `gradient is ${gradientNorm}` : `loss is ${loss}`
  const why = found === null ? 'done again with every value looked at, all of them are finite' : nonFiniteText(found)
  return new ToolkitError('E_LOSS', `the ${what} at step ${step}, epoch ${epoch}, on ${ids.join(', ')}: ${why}`, {
    exit: 4, hint: `${adviceOn === undefined ? '' : `${adviceOn(step)}; `}try a smaller learningRate; the checkpoint from before this epoch is untouched` })
}

async function endEpoch(program: Program, at: Progress, { onEpoch, keep }: TrainOptions): Promise<Progress> {
  const { params } = await program.readState()
  const value = (await onEpoch?.({ epoch: at.loader.epoch, step: at.step, params: params!.data })) ?? null
  const after = value === null ? at : measured(at, { step: at.step, epoch: at.loader.epoch, value, params: params!.data })
  if (keep !== undefined) await keep(await checkpointOf(program, after), false)
  return after
}

function measured(at: Progress, now: Best): Progress {
  return at.best === null || now.value > at.best.value ? { ...at, best: now, stale: 0 } : { ...at, stale: at.stale + 1 }
}

async function checkpointOf(program: Program, at: Progress): Promise<Checkpoint> {
  const states = Object.fromEntries(Object.entries(await program.readState()).map(([name, { data }]) => [name, data]))
  const { params, ...others } = states
  if (!Object.values(states).every((data) => data.every(Number.isFinite))) {
    throw new ToolkitError('E_LOSS', `the parameters after step ${at.step} are not finite, though its loss and gradient are`, {
      exit: 4, hint: 'try a smaller learningRate; the checkpoint from before this epoch is untouched' })
  }
  return { ...at, params: params!, states: others }
}
