import type { Tensor as TfTensor } from '@tensorflow/tfjs-core'
import { ToolkitError } from '../../../errors.ts'
import type { Tensor } from '../../../tensor.ts'
import { checkArguments, elsewhere, oneOf, options as optionsOf, text } from '../../arguments.ts'
import { usesFloat16 } from '../../float16.ts'
import type { Executor, Graph, Program } from '../../graph.ts'
import { nameOf } from '../../ops/input.ts'
import { explainingMemory, machineMemory, wasmMemory } from '../../out-of-memory.ts'
import { checkGraph, fedFor, noRunYet, statesIn } from '../checks.ts'
import { elementwise } from './elementwise.ts'
import { type Instruction, type Instructions, instructionsOf } from './instructions.ts'
import { loadTfjs, TFJS_PACKAGES, type TfjsBackend } from './load.ts'
import type { Call, Operator, Tf } from './operator.ts'
import { reductions } from './reductions.ts'
import { shapes } from './shapes.ts'
import { windowed } from './windowed.ts'

export type TfjsOptions =
  /** A tfjs package that is loaded when first needed: see `TFJS_PACKAGES`. */
  | { readonly backend: TfjsBackend }
  /** A tfjs module at hand, and the name of one of its backends; the one in use when left out. */
  | { readonly tf: Tf; readonly name?: string }

const operators: Readonly<Record<string, Operator>> = { ...elementwise, ...reductions, ...shapes, ...windowed }

const backendKind = optionsOf({ backend: oneOf(...Object.keys(TFJS_PACKAGES)) }, ['backend'])
const moduleKind = optionsOf({ tf: elsewhere, name: text }, ['tf'])

/**
 * Runs graphs on TensorFlow.js: the ONNX nodes that operations write are computed one after the other, on any of its backends. States are tensors of the backend from run to run;
 * every other tensor is gone when a run is over. Throws E_DEVICE_UNUSABLE when a package cannot be loaded, E_DEVICE_OPERATION for operators that a backend lacks.
 */
export function tfjsExecutor(options: TfjsOptions): Executor {
  checkArguments('tfjsExecutor', { options: typeof options === 'object' && options !== null && 'tf' in options ? moduleKind : backendKind }, [options])
  return explainingMemory({
    name: `tfjs-${'backend' in options ? options.backend : options.name ?? 'own'}`,
    compile: async (graph) => {
      checkGraph(graph)
      if (usesFloat16(graph)) throw refused('tfjs has no float16', undefined, 'train in float32, or on another device: posetta doctor lists them')
      const { tf, name } = 'backend' in options ? await loadTfjs(options.backend) : { tf: options.tf, name: options.name ?? options.tf.getBackend() }
      const instructions = instructionsOf(graph)
      const missing = new Set(instructions.list.filter(({ type }) => !(type in operators)).map(({ type, node }) => `${node.operation.name} (${type})`))
      if (missing.size > 0) throw refused(`tfjs computes no ${[...missing].join(', ')}`)
      await select(tf, name)
      return program(tf, name, graph, instructions)
    },
  }, memoryOf('backend' in options ? options.backend : options.name))
}

/** Bytes that a backend can have; null = nobody knows. */
function memoryOf(backend: string | undefined): number | null {
  if (backend === 'wasm') return wasmMemory()
  return backend === 'cpu' || backend === 'node' ? machineMemory() : null
}

function program(tf: Tf, backend: string, graph: Graph, { list, integers, floats, results }: Instructions): Program {
  const constants = new Map<string, TfTensor>([
    ...[...integers].map(([name, values]) => [name, tf.tensor1d(Int32Array.from(values), 'int32')] as const),
    ...[...floats].map(([name, { shape, data }]) => [name, tf.tensor(data.slice(), [...shape], 'float32')] as const),
  ])
  const numbers = (name: string): readonly number[] | undefined => integers.get(name) ?? (floats.has(name) ? Array.from(floats.get(name)!.data) : undefined)
  const states = graph.state.map(({ input }) => ({ name: nameOf(input)!, shape: input.shape }))
  let current: readonly TfTensor[] = states.map(({ shape }) => tf.zeros([...shape]))
  let previous: readonly TfTensor[] | null = null

  const step = (feeds: Readonly<Record<string, Tensor>>): TfTensor[] => tf.tidy(() => {
    const values = new Map(constants)
    for (const node of graph.inputs) {
      const fed = feeds[nameOf(node)!]
      values.set(nameOf(node)!, tf.tensor(fedFor(node, fed?.data, fed?.shape).slice(), [...node.shape], 'float32'))
    }
    for (const [i, { name }] of states.entries()) values.set(name, current[i]!)
    for (const instruction of list) {
      compute(instruction, values, { tf, backend, numbers })
      for (const name of instruction.frees) values.get(name)!.dispose()
    }
    // a clone each: one value may be several results, or a state that stays as it is
    return Object.values(results).map((name) => tf.clone(values.get(name)!))
  })
  const copies = async (tensors: readonly TfTensor[]): Promise<Record<string, Tensor>> =>
    Object.fromEntries(await Promise.all(states.map(async ({ name, shape }, i) => [name, { shape, data: await copyOf(tensors[i]!) }] as const)))
  return {
    run: async (feeds) => {
      await select(tf, backend)
      tf.dispose(previous === null ? [] : [...previous])
      previous = null
      const answered = step(feeds)
      const names = Object.keys(graph.outputs)
      const outputs = answered.slice(0, names.length)
      ;[previous, current] = [current, answered.slice(names.length)]
      const data = await Promise.all(outputs.map(copyOf)).finally(() => tf.dispose(outputs))
      return Object.fromEntries(names.map((name, i) => [name, { shape: graph.outputs[name]!.shape, data: data[i]! }]))
    },
    readState: () => copies(current),
    readPreviousState: async () => {
      if (previous === null) throw noRunYet()
      return copies(previous)
    },
    writeState: async (given) => {
      const indices = statesIn(given, graph.state.map(({ input }) => input))
      for (const [i, { data }] of Object.values(given).entries()) {
        const index = indices[i]!
        current[index]!.dispose()
        current = current.with(index, tf.tensor(data.slice(), [...states[index]!.shape], 'float32'))
      }
    },
    close: async () => tf.dispose([...constants.values(), ...current, ...(previous ?? [])]),
  }
}

/** tfjs has one backend in use at a time for all that is computed. */
async function select(tf: Tf, backend: string): Promise<void> {
  if (tf.getBackend() === backend) return
  if (!await tf.setBackend(backend)) throw new ToolkitError('E_DEVICE_UNUSABLE', `tfjs cannot start its backend "${backend}"`, { hint: 'posetta doctor says what is missing' })
}

async function copyOf(tensor: TfTensor): Promise<Float32Array> {
  return (await tensor.data<'float32'>()).slice()
}

/** Computes one instruction into `values`. */
function compute(instruction: Instruction, values: Map<string, TfTensor>, { tf, backend, numbers }: { tf: Tf; backend: string; numbers: (name: string) => readonly number[] | undefined }): void {
  const { type, inputs, outputs, attributes, node } = instruction
  const call: Call = {
    tf, attributes, inputs: inputs.length, outputs: outputs.length,
    input: (index) => {
      const value = values.get(inputs[index] ?? '')
      if (value === undefined) throw new Error(`${type} has no operand ${index}`)
      return value
    },
    numbers: (index) => {
      const name = inputs[index] ?? ''
      const found = name === '' ? undefined : numbers(name)
      if (found === undefined && name !== '') throw new Error(`operand ${index} of ${type} must be a constant`)
      return found
    },
    attribute: (name, otherwise) => {
      const value = attributes[name] ?? otherwise
      return typeof value === 'object' && 'float' in value ? value.float : value as number
    },
  }
  try {
    const found = operators[type]!(call)
    for (const [i, tensor] of ('length' in found ? found : [found]).entries()) if (outputs[i] !== undefined) values.set(outputs[i], tensor)
  } catch (cause) {
    const kernel = /Kernel '(\w+)' not registered/.exec(cause instanceof Error ? cause.message : '')?.[1]
    if (kernel === undefined) throw cause
    throw refused(`tfjs's backend "${backend}" has no kernel ${kernel}, which ${node.operation.name} (${type}) needs`, cause)
  }
}

function refused(message: string, cause?: unknown, hint = 'run it on another device, such as cpu or tfjs:cpu'): ToolkitError {
  return new ToolkitError('E_DEVICE_OPERATION', message, { hint, cause, exit: 4 })
}
