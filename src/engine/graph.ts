import { ToolkitError } from '../errors.ts'
import { sizeOf, type Tensor } from '../tensor.ts'

/** A value of a computation, known by its shape before anything runs. Nodes are immutable and form a graph without circles through `inputs`. */
export type Node = {
  readonly operation: Operation
  readonly inputs: readonly Node[]
  readonly shape: readonly number[]
  readonly attributes: Attributes
  /** File and line that made the node, for error messages. Told when asked: to read a stack takes longer than to make a node. */
  readonly madeAt: () => string
}

export type Attributes = Readonly<Record<string, number | string | readonly number[] | Float32Array>>

/** All that is known of one kind of node: its value, its derivative, its ONNX form. Nothing else in the engine distinguishes operations. */
export type Operation = {
  readonly name: string
  /** The value is the first input's numbers as they lie: it takes no memory of its own. */
  readonly isView?: true
  /** The value is stored in float16. */
  readonly isHalf?: true
  /** Each number of the value comes of the numbers at its place alone, under numpy's broadcasting. */
  readonly isElementwise?: true
  /** The instruction of WebAssembly that computes one number of an element-by-element value in float32; one of two operands takes a single input twice. */
  readonly instruction?: Instruction
  /** The value in float64, row-major. */
  evaluate(node: Node, inputs: readonly Float64Array[]): Float64Array
  /** Derivative of the loss with respect to each input, given that with respect to the node; null = no derivative flows there. Those not `wanted` need not be made. */
  gradient(node: Node, upstream: Node, wanted: readonly boolean[]): readonly (Node | null)[]
  /** Writes the node as ONNX. `inputs` and `output` are value names. */
  lower(node: Node, inputs: readonly string[], output: string, onnx: OnnxEmitter): void
}

/** Instructions of WebAssembly on float32 numbers; `select` takes the second where the first is not 0, else the third. */
export type Instruction = 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max' | 'sqrt' | 'neg' | 'abs' | 'select'

export type OnnxAttribute = number | string | readonly number[] | { readonly float: number } | { readonly graph: Uint8Array }

/** A value of an ONNX graph. */
export type OnnxValue = { readonly name: string; readonly shape: readonly number[] }

/** Where operations write their ONNX form. */
export type OnnxEmitter = {
  node(type: string, inputs: readonly string[], outputs: readonly string[], attributes?: Readonly<Record<string, OnnxAttribute>>): void
  /** Name of a constant int64 vector (shapes, axes, starts). */
  integers(values: readonly number[]): string
  /** Name of a constant float tensor. */
  floats(tensor: Tensor): string
  /** A value name nobody else has. */
  fresh(): string
  /** A graph as an attribute of an operator that runs it many times. It may read values around it. Not there where no such operator is to be written. */
  readonly subgraph?: (inputs: readonly OnnxValue[], outputs: readonly OnnxValue[], write: (inside: OnnxEmitter) => void) => OnnxAttribute
}

/** A computation to compile: what is fed, what is carried from run to run, what comes out. */
export type Graph = {
  readonly inputs: readonly Node[]
  /** `input` of the next run is `next` of this one; it stays on the executor's side. */
  readonly state: readonly { readonly input: Node; readonly next: Node }[]
  readonly outputs: Readonly<Record<string, Node>>
}

/** A compiled graph. One `run` at a time. */
export type Program = {
  /** Feeds by input name; answers outputs by name. Output buffers are valid until the next run. */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>
  /** A copy of the state, by the name of its input. */
  readState(): Promise<Record<string, Tensor>>
  /** A copy of the state that the last run was computed on: what to look at when its numbers are wrong. E_STATE before the first run. */
  readPreviousState(): Promise<Record<string, Tensor>>
  writeState(state: Readonly<Record<string, Tensor>>): Promise<void>
  close(): Promise<void>
}

export type Executor = { readonly name: string; compile(graph: Graph): Promise<Program> }

/** A node of an operation; `shape` must be what the operation makes of its inputs. E_SHAPE where that is none: extents are whole numbers of 0 or more. */
export function makeNode(operation: Operation, inputs: readonly Node[], shape: readonly number[], attributes: Attributes = {}): Node {
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) throw shapeError(operation.name, `[${shape.join(', ')}] is no shape`, ...inputs)
  return { operation, inputs, shape, attributes, madeAt: origin ?? callerHere() }
}

/** Where the nodes that are being made count as made: where the operation was called that makes them, or whose derivative they are. */
let origin: (() => string) | null = null

/** The operation that was called from outside, while it makes its nodes. */
let called: string | null = null

/** What `make` answers as the call of an operation: nodes are made at its line, and errors name it. The outermost call counts; only of that one `check` is called. */
export function asCall<Made>(name: string, make: () => Made, check: () => void): Made {
  if (called !== null) return make()
  const before = origin
  called = name
  origin ??= callerHere()
  try {
    check()
    return make()
  } finally {
    called = null
    origin = before
  }
}

/** A message that begins with the operation that is being called, if one is. */
export function ofCall(message: string): string {
  return called === null ? message : `${called}: ${message}`
}

/** File and line of the call that is being made, for messages. */
export function callPlace(): string {
  return (origin ?? callerHere())()
}

/** What `make` answers; the nodes that it makes say that they are of the derivative of `node`, and where that was made. */
export function asDerivativeOf<Made>(node: Node, make: () => Made): Made {
  const before = origin
  origin = () => `the derivative of ${node.madeAt().replace(/^the derivative of /, '')}`
  try {
    return make()
  } finally {
    origin = before
  }
}

/** Nodes that `outputs` need, inputs before users, in order of first visit. */
export function topologicalOrder(outputs: readonly Node[]): Node[] {
  const order: Node[] = []
  const seen = new Set<Node>()
  const stack = outputs.toReversed().map((node) => ({ node, next: 0 }))
  while (stack.length > 0) {
    const top = stack.at(-1)!
    if (top.next === 0 && seen.has(top.node)) {
      stack.pop()
    } else if (top.next < top.node.inputs.length) {
      seen.add(top.node)
      const child = top.node.inputs[top.next++]!
      if (!seen.has(child)) stack.push({ node: child, next: 0 })
    } else {
      seen.add(top.node)
      order.push(top.node)
      stack.pop()
    }
  }
  return order
}

/** A shape that does not fit, named with the operation, the one that was called and is composed of it, the shapes and the line of the call. */
export function shapeError(operation: string, message: string, ...nodes: readonly Node[]): ToolkitError {
  const shapes = nodes.map(({ shape }) => `[${shape.join(', ')}]`).join(' and ')
  const hint = nodes.map((node) => `[${node.shape.join(', ')}] was made at ${node.madeAt()}`).join('; ')
  const title = called === null || `${operation} `.startsWith(`${called} `) ? operation : `${called}: ${operation}`
  return new ToolkitError('E_SHAPE', `${title}${nodes.length === 0 ? '' : ` of ${shapes}`}: ${message} (${callPlace()})`, { hint })
}

/** numpy's broadcasting of two shapes, or null when they do not fit. */
export function broadcastShapes(a: readonly number[], b: readonly number[]): number[] | null {
  const rank = Math.max(a.length, b.length)
  const shape: number[] = []
  for (let axis = 0; axis < rank; axis++) {
    const [m, n] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1]
    if (m !== n && m !== 1 && n !== 1) return null
    shape.push(m === 1 ? n : m)
  }
  return shape
}

/** Row-major strides of `shape` seen from the broadcast `target`: 0 along broadcast axes. */
export function broadcastStrides(shape: readonly number[], target: readonly number[]): number[] {
  const strides = target.map(() => 0)
  let stride = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis + target.length - shape.length] = shape[axis] === 1 ? 0 : stride
    stride *= shape[axis]!
  }
  return strides
}

/** Calls `visit` with the offset of each element of `shape` in row-major order, under the given strides. */
export function forEachOffset(shape: readonly number[], strides: readonly number[], visit: (offset: number, index: number) => void): void {
  const size = sizeOf(shape)
  const counter = shape.map(() => 0)
  let offset = 0
  for (let index = 0; index < size; index++) {
    visit(offset, index)
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      offset += strides[axis]!
      if (++counter[axis]! < shape[axis]!) break
      offset -= strides[axis]! * shape[axis]!
      counter[axis] = 0
    }
  }
}

/** File and line of the first caller outside what nodes are made with: the graph, operations, blocks of layers. */
function callerHere(): () => string {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 16
  const here = new Error('where')
  Error.stackTraceLimit = limit
  return () => {
    const lines = (here.stack ?? '').split('\n').slice(1)
    const line = lines.find((entry) => !isOwn(entry)) ?? lines.at(-1) ?? ''
    return /([^/\s(]+:\d+):\d+\)?$/.exec(line)?.[1] ?? 'unknown'
  }
}

/** The folder of the rooms, as stacks write it. */
const home = new URL('..', import.meta.url).href.replace('file://', '')

function isOwn(entry: string): boolean {
  const at = entry.indexOf(home)
  return /<anonymous>/.test(entry) || (at !== -1 && /^(engine\/(graph|checked|arguments|ops\/|losses\/|autodiff|optimisers|chance\.)|models\/blocks\/)/.test(entry.slice(at + home.length)))
}
