import { ToolkitError, unknownName } from '../../errors.ts'
import { sizeOf, type Tensor } from '../../tensor.ts'
import { type Graph, type Node, type Program, topologicalOrder } from '../graph.ts'
import { inputsOf, isFreeName, outputsOf } from '../onnx.ts'
import { nameOf } from '../ops/input.ts'

/** Refuses a graph that cannot run with E_GRAPH: two values of one name, a name that is taken, an input that is none, one that is used and not listed, a state that changes its shape. */
export function checkGraph(graph: Graph): void {
  const refuse = (message: string, { madeAt }: Node): ToolkitError => new ToolkitError('E_GRAPH', message, { hint: `it was made at ${madeAt()}`, exit: 4 })
  const listed = inputsOf(graph)
  for (const node of listed) if (nameOf(node) === null) throw refuse(`a value of shape [${node.shape.join(', ')}] stands where the graph lists its inputs and states, and is none`, node)
  for (const [i, node] of listed.entries()) {
    if (listed.findIndex((other) => nameOf(other) === nameOf(node)) !== i) throw refuse(`two inputs are named "${nameOf(node)}"`, node)
    if (!isFreeName(nameOf(node)!)) throw refuse(`an input cannot be named "${nameOf(node)}"`, node)
  }
  for (const [name, node] of Object.entries(graph.outputs)) {
    if (!isFreeName(name) || listed.some((other) => nameOf(other) === name)) throw refuse(`an output cannot be named "${name}"`, node)
  }
  for (const node of topologicalOrder(Object.values(outputsOf(graph)))) {
    if (nameOf(node) !== null && !listed.includes(node)) throw refuse(`input "${nameOf(node)}" is used but not among the inputs of the graph`, node)
  }
  for (const { input, next } of graph.state) {
    if (input.shape.join() !== next.shape.join()) throw refuse(`state "${nameOf(input)}" [${input.shape.join(', ')}] would become [${next.shape.join(', ')}]`, next)
  }
}

/** A program that refuses feeds that its graph has no input for or that are no tensors (E_FEED), and everything once it is closed (E_CLOSED). To close it twice is to close it. */
export function guarded(program: Program, { inputs }: Graph): Program {
  const names = inputs.map((node) => nameOf(node)!)
  let isClosed = false
  const open = (): Program => {
    if (isClosed) throw new ToolkitError('E_CLOSED', 'the program was closed', { hint: 'compile its graph again, or close it later', exit: 4 })
    return program
  }
  return {
    run: async (feeds) => {
      const { run } = open()
      for (const [name, fed] of Object.entries(feeds)) checkFeed(name, fed, names)
      return run(feeds)
    },
    readState: async () => open().readState(),
    readPreviousState: async () => open().readPreviousState(),
    writeState: async (state) => {
      const { writeState } = open()
      for (const [name, tensor] of Object.entries(state)) if (!isTensor(tensor)) throw noTensor('E_STATE', `state "${name}"`, tensor)
      return writeState(state)
    },
    close: async () => {
      if (isClosed) return
      isClosed = true
      await program.close()
    },
  }
}

function checkFeed(name: string, fed: unknown, names: readonly string[]): void {
  if (!names.includes(name)) throw unknownName('E_FEED', 'input', name, names)
  // what is missing is told with the line of its input
  if (fed !== undefined && !isTensor(fed)) throw noTensor('E_FEED', `input "${name}"`, fed)
}

function isTensor(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'data' in value && value.data instanceof Float32Array && 'shape' in value && Array.isArray(value.shape)
}

function noTensor(code: string, what: string, given: unknown): ToolkitError {
  const data = typeof given === 'object' && given !== null && 'data' in given ? given.data : given
  const found = typeof data === 'object' && data !== null ? data.constructor.name : typeof data
  return new ToolkitError(code, `${what} must be { shape, data: a Float32Array }, not ${found === 'Float32Array' ? 'numbers without a shape' : `of ${found}`}`, {
    hint: 'tensor data: Float32Array.from(numbers)', exit: 4 })
}

/** What is fed for an input, refused with E_FEED when it is missing, of another size, or of another shape: numbers that lie in another order are other numbers. */
export function fedFor<Data extends ArrayLike<number>>(node: Node, data: Data | undefined, shape: readonly number[] = node.shape): Data {
  if (data === undefined || data.length !== sizeOf(node.shape) || shape.join() !== node.shape.join()) {
    const numbers = data?.length === sizeOf(shape) ? `[${shape.join(', ')}]` : `${data?.length} numbers`
    const fed = data === undefined ? 'was not fed' : `was fed ${numbers}`
    throw new ToolkitError('E_FEED', `input "${nameOf(node)}" [${node.shape.join(', ')}] ${fed}`, { hint: `it was made at ${node.madeAt()}`, exit: 4 })
  }
  return data
}

/** What a program answers that is asked for the state before a run there was not. */
export function noRunYet(): ToolkitError {
  return new ToolkitError('E_STATE', 'there was no run yet, and so no state before it', { hint: 'readState has the state as it stands', exit: 4 })
}

/** The indices of the states that `given` names; E_STATE for a name or a size that none of them has. */
export function statesIn(given: Readonly<Record<string, Tensor>>, states: readonly Node[]): number[] {
  return Object.entries(given).map(([name, { data }]) => {
    const index = states.findIndex((node) => nameOf(node) === name && sizeOf(node.shape) === data.length)
    if (index === -1) {
      throw new ToolkitError('E_STATE', `no state "${name}" of ${data.length} numbers`, {
        hint: `There is: ${states.map((node) => `${nameOf(node)} [${node.shape.join(', ')}]`).join('; ') || '(none)'}`, exit: 4 })
    }
    return index
  })
}
