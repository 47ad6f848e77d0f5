import {
  byName, accumulationGraphs, accumulatorOf, type Accumulator, averageFeeds, type AverageOptions, type CarriedState, type Executor, flatParameters, type Graph, input, type Node, optimiserFeeds, type Parameter,
  type Program, randomFeeds, randomInputsOf, startOf, type StepOptions, trainingGraph,
} from '../engine/index.ts'
import { ToolkitError } from '../errors.ts'
import type { Nodes } from '../models/index.ts'
import { sizeOf, type Tensor } from '../tensor.ts'
import { whyNotFinite } from './not-finite.ts'

type Tensors = Readonly<Record<string, Tensor>>

/** How parameters follow their gradients: what `fit` and `train` have in common. */
export type StepSettings = Omit<StepOptions, 'parameters' | 'average'> & {
  /** Keeps a moving average of the parameters beside them; none when not given. */
  readonly average?: AverageOptions
  /** Micro-batches whose gradients make one step: 1. */
  readonly accumulate?: number
  /** Of what the graph draws anew at each step (dropout): 0. */
  readonly seed?: number
}

/** What is made small, one number; with it, if anything, what is carried from step to step beside the parameters: the `state` of batch normalisations. */
export type Made = Node | { readonly loss: Node; readonly state: readonly CarriedState[] }

/** What a step was computed to. */
export type StepResult = {
  readonly loss: number
  /** Before clipping; null = it overflowed under the loss scale, and the update was skipped. */
  readonly gradientNorm: number | null
  /** That the step was computed with; there is none where none was asked for. */
  readonly lossScale?: number
}

/** Where a step stands, for what is fed and for errors. */
export type StepPlace = {
  /** From 1, those that were skipped included. */
  readonly step: number
  readonly rate: number
  /** In words: `step 3, epoch 1, on clip/4`. */
  readonly place: string
  /** The hint of an error, made of what is likely to help. */
  readonly hint: (way: string) => string
}

/** Forward, backward and update, compiled. A state must be written before the first step. */
export type StepProgram = {
  /** Names of the states that the loss carries. */
  readonly carried: readonly string[]
  /** One step on its micro-batches, one unless gradients are accumulated. Throws E_LOSS where loss or gradient is not finite, naming what was so first. */
  run(micro: readonly Tensors[], place: StepPlace): Promise<StepResult>
  /** Every state where it begins, by name: parameters, those of the optimiser, what the loss carries. */
  start(params: Float32Array): Record<string, Tensor>
  readState(): Promise<Record<string, Tensor>>
  writeState(state: Tensors): Promise<void>
  close(): Promise<void>
}

/** Compiles the steps of a training; `inputs` are the shapes of a micro-batch. Throws E_OPTIMISER for settings out of range, E_SHAPE and E_GRAPH for a loss that cannot be. */
export async function stepProgram(executor: Executor, { inputs: shapes, parameters, loss: lossOf, settings }: {
  inputs: Readonly<Record<string, readonly number[]>>; parameters: readonly Parameter[]; loss: (inputs: Nodes, params: Nodes) => Made; settings: StepSettings
}): Promise<StepProgram> {
  const { average, accumulate = 1, seed = 0, ...options } = settings
  if (!(Number.isInteger(accumulate) && accumulate >= 1)) throw new ToolkitError('E_OPTIMISER', `gradients of ${accumulate} micro-batches`, { hint: 'it is a whole number of 1 or more' })
  const inputs = inputNodes(shapes)
  const { flat, params } = flatParameters(parameters)
  const made = lossOf(inputs, params)
  const { loss, state } = 'operation' in made ? { loss: made, state: [] } : made
  const random = randomInputsOf([loss, ...state.map(({ next }) => next)])
  const asked = { ...options, loss, inputs: [...Object.values(inputs), ...random], parameters, flat, params, state, average: average !== undefined }
  const { machine, graph, start, beside } = accumulate === 1 ? await wholeOf(executor, trainingGraph(asked)) : await partsOf(executor, accumulationGraphs(asked))
  const draws = Array.from({ length: accumulate }, () => randomFeeds(random, { seed }))
  let [scale, skipped] = [0, 0]
  return {
    carried: Object.keys(startOf(state)),
    run: async (micro, { step, rate, place, hint }) => {
      const update = step - skipped
      const feeds = { ...optimiserFeeds(rate, update, options.optimiser), ...(average === undefined ? {} : averageFeeds(update, average)) }
      const batches = micro.map((own, index) => ({ ...own, ...draws[index]!((step - 1) * accumulate + index + 1) }))
      const { outputs } = await machine.step(batches.map((own) => ({ feeds: own })), feeds)
      const [found, gradientNorm] = [outputs['loss']!.data[0]!, outputs['gradientNorm']!.data[0]!]
      const [used, isSkipped] = [scale, (outputs['skipped']?.data[0] ?? 0) > skipped]
      scale = outputs['lossScale']?.data[0] ?? 0
      if (isSkipped) skipped++
      // an overflow that no scale brought about would come again under every other
      if (!Number.isFinite(found) || (!Number.isFinite(gradientNorm) && !(isSkipped && used > 1))) {
        const state = await machine.readPreviousState()
        const { why, way } = await whyNotFinite(executor, { graph, params, parameters, state: { ...beside, ...state }, batches, feeds, isFirst: update === 1 })
        throw new ToolkitError('E_LOSS', `the ${Number.isFinite(found) ? `gradient is ${gradientNorm}` : `loss is ${found}`} at ${place}: ${why}`, { exit: 4, hint: hint(way) })
      }
      return { loss: found, gradientNorm: isSkipped ? null : gradientNorm, ...(used === 0 ? {} : { lossScale: used }) }
    },
    start: (values) => ({ ...start(values), ...startOf(state) }),
    readState: machine.readState,
    writeState: async (given) => {
      await machine.writeState(given)
      scale = given['scale.value']?.data[0] ?? scale
      skipped = given['scale.skipped']?.data[0] ?? skipped
    },
    close: machine.close,
  }
}

/** Inputs of these shapes, by name. */
export function inputNodes(shapes: Readonly<Record<string, readonly number[]>>): Nodes {
  return byName('input', Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, input(name, shape)])))
}

/** What takes steps, where its states begin, the graph to look at when one goes wrong, and what that is fed beside batches and states. */
type Machine = { readonly machine: Accumulator; readonly start: StepProgram['start']; readonly graph: Graph; readonly beside: Tensors }

/** A step as one run of one program. */
async function wholeOf(executor: Executor, graph: ReturnType<typeof trainingGraph>): Promise<Machine> {
  const program: Program = await executor.compile(graph)
  const step: Accumulator['step'] = async ([batch], feeds) => ({ outputs: await program.run({ ...batch!.feeds, ...feeds }), micro: [] })
  return { machine: { ...program, step }, graph, start: graph.start, beside: {} }
}

/** A step as several runs of one half, and one of the other. */
async function partsOf(executor: Executor, graphs: ReturnType<typeof accumulationGraphs>): Promise<Machine> {
  const { shape } = graphs.accumulate.state[1]!.input
  const beside = { gradient: { shape, data: new Float32Array(sizeOf(shape)) }, weight: { shape: [], data: Float32Array.of(1) } }
  return { machine: await accumulatorOf(executor, graphs), graph: graphs.accumulate, start: graphs.apply.start, beside }
}
