import { byName, constant, type Executor, type Node, type Parameter, type Program, randomInputsOf, topologicalOrder } from '../engine/index.ts'
import { callable, checkArguments, elsewhere, executorKind, kind, type Kind, options, record, tensor, whole } from '../engine/arguments.ts'
import { stepKinds } from '../engine/gradient-step.ts'
import { averageKind } from '../engine/optimisers/average.ts'
import { ToolkitError } from '../errors.ts'
import { flatten, type Nodes, unflatten } from '../models/index.ts'
import { sizeOf, type Tensor } from '../tensor.ts'
import { inputNodes, type Made, stepProgram, type StepResult, type StepSettings } from './step-program.ts'

type Tensors = Readonly<Record<string, Tensor>>

export type FitOptions = StepSettings & {
  readonly executor: Executor
  /** Shapes of what each batch has, by name. */
  readonly inputs: Readonly<Record<string, readonly number[]>>
  readonly parameters: readonly Parameter[]
  /** Where the parameters begin, by name; `initialise(parameters, seed)` draws them. What is carried begins here too where it is named, as after a training before. */
  readonly start: Tensors
  readonly loss: (inputs: Nodes, params: Nodes) => Made
  /** With `accumulate` so many of them make one step, the last one of those that are left. */
  readonly batches: Iterable<Tensors> | AsyncIterable<Tensors>
  /** The learning rate, or that of step 1, 2, ... */
  readonly rate: number | ((step: number) => number)
  readonly onStep?: (step: StepResult & { readonly step: number; readonly rate: number }) => void
}

const rateKind = kind('a number or a function of the step', (value) => typeof value === 'number' || typeof value === 'function')
const batchesKind = kind('something to go through, such as a list', (value) => typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value))
const fitKind: Kind = options({
  executor: executorKind, inputs: record(elsewhere), start: record(tensor), loss: callable, batches: batchesKind, rate: rateKind, onStep: callable, ...stepKinds, average: averageKind, accumulate: elsewhere, seed: whole,
}, ['executor', 'inputs', 'parameters', 'start', 'loss', 'batches', 'rate', 'optimiser'])

/**
 * Trains parameters on batches until these end; answers them by name, their moving average where `average` asks for one, and what was carried beside them. One program: forward,
 * backward and update. Throws E_START for a start that is not that of the parameters, E_FEED for a batch without an input, E_LOSS when the loss or the gradient is not finite, naming the
 * first operation, parameter, input or class that was not, E_OPTIMISER for settings and rates out of range, E_ARGUMENT for options there are not.
 */
export async function fit(given: FitOptions): Promise<Record<string, Tensor>> {
  checkArguments('fit', { options: fitKind }, [given])
  const { executor, inputs, parameters, start, loss, batches, rate, onStep, ...settings } = given
  checkStart(parameters, start)
  const program = await stepProgram(executor, { inputs, parameters, loss, settings })
  try {
    await program.writeState({ ...program.start(flatten(parameters, start)), ...Object.fromEntries(program.carried.flatMap((name) => (start[name] === undefined ? [] : [[name, start[name]]]))) })
    let step = 0
    for await (const micro of grouped(batches, settings.accumulate ?? 1)) {
      step++
      const now = typeof rate === 'number' ? rate : rate(step)
      if (!Number.isFinite(now)) throw new ToolkitError('E_OPTIMISER', `a learning rate of ${String(now)} at step ${step}`, { hint: 'it must be a number' })
      const result = await program.run(micro, { step, rate: now, place: `step ${step}`, hint: (way) => way })
      onStep?.({ step, ...result, rate: now })
    }
    const ended = await program.readState()
    return { ...unflatten(parameters, (ended['average'] ?? ended['params']!).data), ...Object.fromEntries(program.carried.map((name) => [name, ended[name]!])) }
  } finally {
    await program.close()
  }
}

/** So many batches at a time; copies, where the next one may be written over them. */
async function* grouped(batches: FitOptions['batches'], count: number): AsyncGenerator<Tensors[]> {
  let group: Tensors[] = []
  for await (const batch of batches) {
    group.push(count === 1 ? batch : Object.fromEntries(Object.entries(batch).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }])))
    if (group.length < count) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}

const forwardKind = options({ executor: executorKind, inputs: record(elsewhere), params: record(tensor), outputs: callable }, ['executor', 'inputs', 'params', 'outputs'])

/**
 * A program that computes outputs from inputs with parameters that stay as they are. Throws E_GRAPH for outputs that are made as in training: what is drawn anew (dropout), and batch
 * normalisations by the statistics of the batch.
 */
export async function forward(
  given: { executor: Executor; inputs: FitOptions['inputs']; params: Tensors; outputs: (inputs: Nodes, params: Nodes) => Nodes },
): Promise<Program> {
  checkArguments('forward', { options: forwardKind }, [given])
  const { executor, inputs, params, outputs } = given
  const nodes = inputNodes(inputs)
  const fixed = byName('parameter', Object.fromEntries(Object.entries(params).map(([name, value]) => [name, constant(value)])))
  const made = outputs(nodes, fixed)
  refuseTraining(Object.values(made))
  return executor.compile({ inputs: Object.values(nodes), state: [], outputs: made })
}

/** A trained model answers the same each time, and for each row whatever stands beside it. */
function refuseTraining(outputs: readonly Node[]): void {
  const [drawn] = randomInputsOf(outputs)
  if (drawn !== undefined) {
    throw new ToolkitError('E_GRAPH', `the outputs depend on "${String(drawn.attributes['name'])}" [${drawn.shape.join(', ')}], drawn anew at each step (${drawn.madeAt()})`, {
      hint: 'give dropout a rate of 0 in forward', exit: 4 })
  }
  const normalised = topologicalOrder(outputs).find(({ operation: { name } }) => name === 'batchNorm')
  if (normalised === undefined) return
  throw new ToolkitError('E_GRAPH', `batchNorm [${normalised.shape.join(', ')}] (${normalised.madeAt()}) normalises by the statistics of the batch, as in training`, {
    hint: 'give it `training: false` in forward; runningStatistics(name, channels, params) finds what fit answered', exit: 4 })
}

function checkStart(parameters: readonly Parameter[], start: Tensors): void {
  for (const { name, shape } of parameters) {
    const given = start[name]
    const isFitting = given?.data.length === sizeOf(shape) && given.shape.join() === shape.join()
    const broken = isFitting ? given.data.findIndex((value) => !Number.isFinite(value)) : -1
    if (isFitting && broken === -1) continue
    const what = given === undefined ? 'has no start' : isFitting ? `starts with ${given.data[broken]} as number ${broken}` : `[${shape.join(', ')}] has a start of shape [${given.shape.join(', ')}] with ${given.data.length} numbers`
    throw new ToolkitError('E_START', `parameter "${name}" ${what}`, { hint: 'initialise(parameters, seed) draws one for each' })
  }
}
