import { ToolkitError } from '../errors.ts'
import { sizeOf, type Tensor } from '../tensor.ts'
import { checkArguments } from './arguments.ts'
import { gradientStep, groupGradients, inPrecision, scaleOf, type TrainingGraph, trainingKind } from './gradient-step.ts'
import type { Executor, Graph, Node } from './graph.ts'
import { add } from './ops/add.ts'
import { concat } from './ops/concat.ts'
import { input, nameOf } from './ops/input.ts'
import { mul } from './ops/mul.ts'
import { slice } from './ops/slice.ts'
import { groupsOf } from './optimisers/groups.ts'
import type { TrainingGraphOptions } from './training-graph.ts'

/** The two halves of a step on several micro-batches. */
export type AccumulationGraphs = {
  /** Forward and backward of one: state `gradient` grows by the fed `weight` x its gradient; fed is the loss scale too where there is one. Outputs: the loss and what else is asked for. */
  readonly accumulate: Graph
  /** The update, fed the `gradient`. Outputs: `gradientNorm`, and those of a loss scale. */
  readonly apply: TrainingGraph
}

/** A training graph for batches that do not fit in memory: equal to one on the whole batch where its loss is the weighted sum of those of the micro-batches. Refuses what `trainingGraph` refuses. */
export function accumulationGraphs(given: TrainingGraphOptions): AccumulationGraphs {
  checkArguments('accumulationGraphs', { options: trainingKind }, [given])
  const { loss, inputs, flat, params, state = [], outputs = {}, ...options } = given
  const groups = groupsOf(options.parameters, options.optimiser)
  const scale = scaleOf(options)
  const own = groupGradients(loss, { params, groups, scale })
  const all = concat([...own.values()], 0)
  const [gradient, weight] = [input('gradient', all.shape), input('weight', [])]
  let start = 0
  const parts = new Map([...own].map(([group, { shape }]) => [group, slice(gradient, 0, start, start += sizeOf(shape))]))
  const step = gradientStep(parts, { flat, groups, scale, options })
  return {
    accumulate: inPrecision({
      inputs: [...inputs, weight, ...(scale === null ? [] : [scale.scale])],
      state: [{ input: flat, next: flat }, { input: gradient, next: add(gradient, mul(all, weight)) }, ...state],
      outputs: { loss, ...outputs },
    }, options, flat),
    apply: { ...step, inputs: [gradient, ...step.inputs] },
  }
}

export type MicroBatch = {
  readonly feeds: Readonly<Record<string, Tensor>>
  /** Its share of the whole batch: 1 / number of micro-batches when not given. */
  readonly weight?: number
}

export type Accumulator = {
  /** One step on all micro-batches. Answers the outputs of the update, `loss` as the weighted sum, and copies of the outputs of each micro-batch. */
  step(micro: readonly MicroBatch[], feeds: Readonly<Record<string, Tensor>>): Promise<{ outputs: Record<string, Tensor>; micro: Record<string, Tensor>[] }>
  /** As of a program of the whole: parameters, states of the optimiser, and what is carried beside them. */
  readState(): Promise<Record<string, Tensor>>
  /** The state that the last step was computed on. E_STATE before the first. */
  readPreviousState(): Promise<Record<string, Tensor>>
  writeState(state: Readonly<Record<string, Tensor>>): Promise<void>
  close(): Promise<void>
}

/** Both halves as one. A step that fails leaves the state of the last one, but for what is carried beside the parameters. */
export async function accumulatorOf(executor: Executor, graphs: AccumulationGraphs): Promise<Accumulator> {
  const accumulate = await executor.compile(graphs.accumulate)
  const apply = await executor.compile(graphs.apply).catch(async (error: unknown) => {
    await accumulate.close()
    throw error
  })
  const ofApply = new Set(graphs.apply.state.map(({ input }) => nameOf(input)!))
  const besideOf = ({ params: _params, gradient: _gradient, ...beside }: Record<string, Tensor>): Record<string, Tensor> => beside
  const isScaled = graphs.accumulate.inputs.some((node) => nameOf(node) === 'scale.value')
  let scale = 0
  let [carried, carriedBefore] = [besideOf(await accumulate.readState()), {}]
  const zeros = { gradient: zerosLike(graphs.accumulate.state[1]!.input) }
  return {
    step: async (batches, feeds) => {
      if (batches.length === 0) throw new ToolkitError('E_FEED', 'a step on no micro-batches', { hint: 'give at least one', exit: 4 })
      await accumulate.writeState(zeros)
      const micro: Record<string, Tensor>[] = []
      let loss = 0
      for (const { feeds: own, weight = 1 / batches.length } of batches) {
        const outputs = copied(await accumulate.run({ ...own, weight: scalar(weight), ...(isScaled ? { 'scale.value': scalar(scale) } : {}) }))
        loss += weight * outputs['loss']!.data[0]!
        micro.push(outputs)
      }
      const { gradient, ...ended } = await accumulate.readState();
      [carried, carriedBefore] = [besideOf(ended), carried]
      const outputs = await apply.run({ ...feeds, gradient: gradient! })
      const { params } = await apply.readState()
      await accumulate.writeState({ params: params! })
      scale = outputs['lossScale']?.data[0] ?? scale
      return { outputs: { ...copied(outputs), loss: scalar(loss) }, micro }
    },
    readState: async () => ({ ...(await apply.readState()), ...carried }),
    readPreviousState: async () => ({ ...(await apply.readPreviousState()), ...carriedBefore }),
    writeState: async (state) => {
      const [own, beside] = [Object.entries(state).filter(([name]) => ofApply.has(name)), Object.entries(state).filter(([name]) => !ofApply.has(name))]
      await apply.writeState(Object.fromEntries(own))
      scale = state['scale.value']?.data[0] ?? scale
      carried = { ...carried, ...Object.fromEntries(beside) }
      await accumulate.writeState(Object.fromEntries([...beside, ...own.filter(([name]) => name === 'params')]))
    },
    close: async () => {
      await Promise.all([accumulate.close(), apply.close()])
    },
  }
}

function copied(outputs: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(outputs).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]))
}

function zerosLike({ shape }: Node): Tensor {
  return { shape, data: new Float32Array(sizeOf(shape)) }
}

function scalar(value: number): Tensor {
  return { shape: [], data: Float32Array.of(value) }
}
