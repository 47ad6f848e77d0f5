import {
  type CarriedState, constant, type Executor, firstNonFinite, flatParameters, type Graph, input, type Node, nonFiniteText, type Optimiser, optimiserFeeds, type Parameter, type Program, randomFeeds,
  randomInputsOf, startOf, trainingGraph,
} from '../engine/index.ts'
import { ToolkitError } from '../errors.ts'
import type { Nodes } from '../models/index.ts'
import { sizeOf, type Tensor } from '../tensor.ts'
import { flatten, unflatten } from './flat.ts'

type Tensors = Readonly<Record<string, Tensor>>

export type FitOptions = {
  readonly executor: Executor
  /** Shapes of what each batch has, by name. */
  readonly inputs: Readonly<Record<string, readonly number[]>>
  readonly parameters: readonly Parameter[]
  /** Where the parameters begin, by name; `initialise(parameters, seed)` draws them. What is carried begins here too where it is named, as after a training before. */
  readonly start: Tensors
  /** What is made small, one number; with it, if anything, what is carried from step to step: the `state` of batch normalisations. */
  readonly loss: (inputs: Nodes, params: Nodes) => Node | { readonly loss: Node; readonly state: readonly CarriedState[] }
  readonly batches: Iterable<Tensors> | AsyncIterable<Tensors>
  readonly optimiser: Optimiser
  /** The learning rate, or that of step 1, 2, ... */
  readonly rate: number | ((step: number) => number)
  readonly clipNorm?: number
  /** Of what the graph draws anew at each step (dropout); 0. */
  readonly seed?: number
  readonly onStep?: (step: { readonly step: number; readonly loss: number; readonly gradientNorm: number; readonly rate: number }) => void
}

/**
 * Trains parameters on batches until these end; answers them by name, and what was carried beside them. One program: forward, backward and update. Throws E_START for a start that is
 * not that of the parameters, E_FEED for a batch without an input, E_LOSS when the loss or the gradient is not finite, naming the first operation that was not.
 */
export async function fit({ executor, parameters, start, loss, batches, optimiser, rate, clipNorm, seed = 0, onStep, ...options }: FitOptions): Promise<Record<string, Tensor>> {
  checkStart(parameters, start)
  const inputs = inputNodes(options.inputs)
  const { flat, params } = flatParameters(parameters)
  const made = loss(inputs, params)
  const { loss: node, state } = 'operation' in made ? { loss: made, state: [] } : made
  const random = randomInputsOf([node])
  const graph = trainingGraph({ loss: node, inputs: [...Object.values(inputs), ...random], parameters, flat, params, state, optimiser, ...(clipNorm === undefined ? {} : { clipNorm }) })
  const draws = randomFeeds(random, { seed })
  const program = await executor.compile(graph)
  try {
    const carried = Object.entries(startOf(state)).map(([name, begin]) => [name, start[name] ?? begin] as const)
    await program.writeState({ ...graph.start(flatten(parameters, start)), ...Object.fromEntries(carried) })
    let step = 0
    for await (const batch of batches) {
      step++
      const now = typeof rate === 'number' ? rate : rate(step)
      const feeds = { ...batch, ...draws(step), ...optimiserFeeds(now, step, optimiser) }
      const result = await program.run(feeds)
      const [found, gradientNorm] = [result['loss']!.data[0]!, result['gradientNorm']!.data[0]!]
      if (!Number.isFinite(found) || !Number.isFinite(gradientNorm)) throw await notFinite({ executor, graph, program }, feeds, `loss ${found} and gradient ${gradientNorm} at step ${step}`)
      onStep?.({ step, loss: found, gradientNorm, rate: now })
    }
    const ended = await program.readState()
    return { ...unflatten(parameters, ended['params']!.data), ...Object.fromEntries(carried.map(([name]) => [name, ended[name]!])) }
  } finally {
    await program.close()
  }
}

/** A program that computes outputs from inputs with parameters that stay as they are. */
export async function forward(
  { executor, inputs, params, outputs }: { executor: Executor; inputs: FitOptions['inputs']; params: Tensors; outputs: (inputs: Nodes, params: Nodes) => Nodes },
): Promise<Program> {
  const nodes = inputNodes(inputs)
  const fixed = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, constant(value)]))
  return executor.compile({ inputs: Object.values(nodes), state: [], outputs: outputs(nodes, fixed) })
}

function inputNodes(shapes: FitOptions['inputs']): Record<string, Node> {
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, input(name, shape)]))
}

function checkStart(parameters: readonly Parameter[], start: Tensors): void {
  for (const { name, shape } of parameters) {
    const given = start[name]
    if (given?.data.length === sizeOf(shape) && given.shape.join() === shape.join()) continue
    const what = given === undefined ? 'has no start' : `[${shape.join(', ')}] has a start of shape [${given.shape.join(', ')}] with ${given.data.length} numbers`
    throw new ToolkitError('E_START', `parameter "${name}" ${what}`, { hint: 'initialise(parameters, seed) draws one for each' })
  }
}

/** The step is done again on the state before it, to name the node that it went wrong at. */
async function notFinite({ executor, graph, program }: { executor: Executor; graph: Graph; program: Program }, feeds: Tensors, what: string): Promise<ToolkitError> {
  const found = await firstNonFinite(executor, graph, { state: await program.readPreviousState(), feeds })
  return new ToolkitError('E_LOSS', `${what}: ${found === null ? 'done again with every value looked at, all of them are finite' : nonFiniteText(found)}`, { exit: 4, hint: 'try a smaller rate' })
}
