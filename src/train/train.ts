import { setImmediate } from 'node:timers/promises'
import type { Batch, LoaderState } from '../batch.ts'
import type { Executor } from '../engine/index.ts'
import { ToolkitError } from '../errors.ts'
import { flatten, initialise, type Model, type Weights } from '../models/index.ts'
import type { Tensor } from '../tensor.ts'
import { type Best, type Checkpoint, weightsOf } from './checkpoint.ts'
import { afterEpoch, plateauOf, rateAt, type TrainSchedule } from './learning-rate.ts'
import type { Loss, Told } from './losses/index.ts'
import { microBatches } from './micro-batches.ts'
import { brokenParameters } from './not-finite.ts'
import { type StepProgram, stepProgram, type StepResult, type StepSettings } from './step-program.ts'

/** What one step was. */
export type Step = StepResult & {
  /** From 1. */
  readonly step: number
  readonly epoch: number
  readonly rate: number
}

/** How long a step took: another time each time, so that no result depends on it. */
export type Took = {
  /** From asking for the batch to the end of the computation. */
  readonly seconds: number
  /** Of these, until the batch was there. */
  readonly waitSeconds: number
  readonly samples: number
}

/** What stands at the end of an epoch; `weights` are those to use: with the moving average of the parameters, where there is one, in their place. The answer is the value on the validation part, higher is better; null = not measured this time. */
export type OnEpoch = (end: { readonly epoch: number; readonly step: number; readonly weights: Weights }) => Promise<number | null>

export type TrainOptions = {
  readonly model: Model
  readonly loss: Loss
  readonly executor: Executor
  /** Rows and frames of every batch. */
  readonly rows: number
  readonly frames: number
  /** Steps of the whole run, those before a resume included: the schedule spans them. */
  readonly steps: number
  readonly schedule: TrainSchedule
  readonly update: StepSettings
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

/** Where a new training begins: with `weights` where they are named, the rest as the seed draws it. */
export function freshStart(model: Model, { seed, loader, weights = {} }: { seed: number; loader: LoaderState; weights?: Weights }): Checkpoint {
  const drawn = initialise(model.parameters.filter(({ name }) => weights[name] === undefined), seed)
  const params = flatten(model.parameters, { ...drawn, ...weights })
  return { step: 0, loader, params, states: {}, best: null, stale: 0, plateau: null }
}

/**
 * Trains until the batches end, patience ends or the signal comes; the best parameters on the validation part are kept beside the last ones.
 * Throws E_LOSS when loss, gradient or parameters are no numbers any more, with the operation that the first one came from: the last checkpoint stays as it is; and when no step made an update.
 */
export async function train(options: TrainOptions): Promise<Trained> {
  const { start, signal, now = () => performance.now() } = options
  const program = await compiled(options)
  try {
    await program.writeState(statesAt(program, start))
    let at: Progress = { step: start.step, loader: start.loader, best: start.best, stale: start.stale, plateau: start.plateau ?? plateauOf(options.schedule) }
    let ended: Trained['ended'] = 'finished'
    let asked = now()
    for await (const batch of options.batches) {
      if (signal?.aborted === true) { ended = 'interrupted'; break }
      const had = now()
      const step = await runStep(program, batch, at, options)
      options.onStep?.(step, { seconds: (now() - asked) / 1000, waitSeconds: (had - asked) / 1000, samples: batch.ids.length })
      const epochs = batch.state.epoch - at.loader.epoch
      at = { ...at, step: at.step + 1, loader: batch.state, plateau: at.plateau && { ...at.plateau, sum: at.plateau.sum + step.loss, steps: at.plateau.steps + 1 } }
      if (epochs > 0) at = await endEpoch(program, at, options)
      if (options.patience !== undefined && options.patience > 0 && at.stale >= options.patience) { ended = 'early'; break }
      // running the graph holds the thread: this is where a message asking to stop can arrive
      await setImmediate()
      asked = now()
    }
    const checkpoint = await checkpointOf(program, at, options)
    await options.keep?.(checkpoint, true)
    if (ended !== 'interrupted') refuseIdle(checkpoint)
    return { checkpoint, ended }
  } finally {
    await program.close()
  }
}

async function compiled({ model, loss, executor, rows, frames, update }: TrainOptions): Promise<StepProgram> {
  const share = rows / (update.accumulate ?? 1)
  return stepProgram(executor, {
    inputs: { ...model.inputs(share, frames), ...batchInputs({ rows: share, frames }), ...Object.fromEntries((loss.told ?? []).map((name) => [name, []])) }, parameters: model.parameters, settings: update,
    loss: (inputs, params) => {
      const outputs = model.forward(inputs, params, { training: true })
      return { loss: loss(outputs, inputs, params), state: outputs.state ?? [] }
    },
  })
}

/** What the states of a graph are at a checkpoint. Throws E_CHECKPOINT for one that another optimiser left. */
function statesAt({ start: begin }: StepProgram, { step, params, states }: Checkpoint): Record<string, Tensor> {
  const fresh = begin(params)
  const whole = Object.fromEntries(Object.entries(fresh).map(([name, { data }]) => [name, data]))
  const found: Readonly<Record<string, Float32Array>> = { ...(step === 0 ? whole : {}), ...states, params }
  const astray = [...Object.keys(fresh).filter((name) => !(name in found)), ...Object.keys(found).filter((name) => !(name in fresh))]
  if (astray.length > 0) {
    throw new ToolkitError('E_CHECKPOINT', `the checkpoint after step ${step} has ${Object.keys(found).join(', ')}, the optimiser carries ${Object.keys(fresh).join(', ')}`, {
      hint: 'go on with the version and the settings that the run began with, or start a new one' })
  }
  return Object.fromEntries(Object.entries(fresh).map(([name, { shape }]) => [name, { shape, data: found[name]! }]))
}

type Progress = Pick<Checkpoint, 'step' | 'loader' | 'best' | 'stale' | 'plateau'>

/** What losses are fed beside what the model is. */
const FED_TO_LOSSES = ['mask', 'time', 'length'] as const

function batchInputs({ rows, frames }: { rows: number; frames: number }): Record<(typeof FED_TO_LOSSES)[number], readonly number[]> {
  return { mask: [rows, frames], time: [rows, frames], length: [rows] }
}

async function runStep(program: StepProgram, batch: Batch, { step: before, plateau }: Progress, options: TrainOptions): Promise<Step> {
  const { model, loss: lossOf, rows, update: { accumulate = 1 }, adviceOn } = options
  const [step, epoch] = [before + 1, batch.epoch]
  const rate = rateAt(step, options, plateau?.rate)
  const advice = adviceOn === undefined ? [] : [adviceOn(step)]
  const result = await program.run(microBatches({ ...stepFeeds(batch, model), ...toldFeeds(lossOf, { step, epoch }) }, { rows, count: accumulate }), {
    step, rate, place: `step ${step}, epoch ${epoch}, on ${batch.ids.join(', ')}`, hint: (way) => [...advice, way, UNTOUCHED].join('; '),
  })
  const { loss, ...beside } = result
  return { step, epoch, loss, rate, ...beside }
}

const UNTOUCHED = 'the checkpoint from before this epoch is untouched'

/** All numbers of a batch, and what a model makes of them. */
export function batchFeeds({ tensors }: Pick<Batch, 'tensors'>, model: Model): Record<string, Tensor> {
  return { ...tensors, ...model.feeds(tensors) }
}

/** What a loss is told of the training, as it is fed. */
export function toldFeeds({ told = [] }: Pick<Loss, 'told'>, at: Readonly<Record<Told, number>>): Record<string, Tensor> {
  return Object.fromEntries(told.map((name) => [name, { shape: [], data: Float32Array.of(at[name]) }]))
}

/** What the graph of a step is fed of its batch. */
function stepFeeds({ tensors }: Batch, model: Model): Record<string, Tensor> {
  return { ...Object.fromEntries(FED_TO_LOSSES.map((name) => [name, tensors[name]!])), ...model.feeds(tensors) }
}

async function endEpoch(program: StepProgram, at: Progress, options: TrainOptions): Promise<Progress> {
  const { model, schedule, onEpoch, keep } = options
  const weights = weightsOf(model, dataOf(await program.readState()))
  const value = (await onEpoch?.({ epoch: at.loader.epoch, step: at.step, weights })) ?? null
  const after = { ...(value === null ? at : measured(at, { step: at.step, epoch: at.loader.epoch, value, weights })), plateau: afterEpoch(at.plateau, schedule) }
  if (keep !== undefined) await keep(await checkpointOf(program, after, options), false)
  return after
}

function measured(at: Progress, now: Best): Progress {
  return at.best === null || now.value > at.best.value ? { ...at, best: now, stale: 0 } : { ...at, stale: at.stale + 1 }
}

async function checkpointOf(program: StepProgram, at: Progress, { model }: TrainOptions): Promise<Checkpoint> {
  const { params, ...others } = dataOf(await program.readState())
  const broken = Object.entries({ params: params!, ...others }).find(([, data]) => !data.every(Number.isFinite))
  if (broken !== undefined) {
    const [name, data] = broken
    const what = brokenParameters(data, model.parameters) ?? `state "${name}" was not finite`
    throw new ToolkitError('E_LOSS', `${name === 'params' ? '' : `${name} of `}${what} after step ${at.step}, though its loss and gradient were`, {
      exit: 4, hint: `try a smaller learning rate; ${UNTOUCHED}` })
  }
  return { ...at, params: params!, states: others }
}

/** A training of which the loss scale made every step skip its update has trained nothing. */
function refuseIdle({ step, states }: Checkpoint): void {
  if (step === 0 || states['scale.skipped']?.[0] !== step) return
  throw new ToolkitError('E_LOSS', `nothing was trained: the gradient overflowed and the update was skipped in each of ${step} steps, the loss scale being ${states['scale.value']![0]} now`, {
    exit: 4, hint: 'start with a smaller loss scale (lossScale.start), train for more steps, or in float32' })
}

function dataOf(states: Readonly<Record<string, Tensor>>): Record<string, Float32Array> {
  return Object.fromEntries(Object.entries(states).map(([name, { data }]) => [name, data]))
}
