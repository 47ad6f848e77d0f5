import { type Graph, type Node, type OnnxEmitter, type Operation, topologicalOrder } from './graph.ts'
import { roundToHalf } from './half.ts'
import { inputsOf, outputsOf } from './onnx.ts'
import { nameOf } from './ops/input.ts'

// onnx.proto3: TensorProto.DataType
const [FLOAT, FLOAT16] = [1, 10]

/** Computed in float16 whatever comes in: what costs, and sums in a wider type inside. */
const always: ReadonlySet<string> = new Set(['matmul', 'conv', 'convTranspose', 'convWeights'])

/** Computed in float16 where what comes in is. All other operations (exponentials, roots, quotients, reductions, softmax, norms, losses) are computed in float32. */
const following: ReadonlySet<string> = new Set(['add', 'sub', 'mul', 'neg', 'relu', 'leakyRelu', 'gelu', 'sigmoid', 'tanh', 'maximum', 'minimum', 'reshape', 'transpose', 'slice', 'concat', 'flip', 'expand'])

/** `either`: float32 that may be rounded where it meets float16, as parameters and plain numbers. */
type Kind = 'half' | 'single' | 'either'

/**
 * The same computation with values stored in float16 between its products, as torch.autocast does it: parameters, feeds, states and outputs stay float32, casts stand where they
 * meet. `parameters` are the inputs that follow what they are computed with; what is fed otherwise keeps its numbers, and what it is added to becomes float32 again.
 */
export function inFloat16({ inputs, state, outputs }: Graph, parameters: readonly Node[]): Graph {
  const kinds = new Map<Node, Kind>()
  const made = new Map<Node, Node>()
  const casts = new Map<Node, Node>()
  const as = (kind: 'half' | 'single', node: Node): Node => {
    const own = made.get(node)!
    if ((kinds.get(node) === 'half') === (kind === 'half')) return own
    if (!casts.has(node)) casts.set(node, { operation: kind === 'half' ? toHalf : toSingle, inputs: [own], shape: own.shape, attributes: {}, madeAt: own.madeAt })
    return casts.get(node)!
  }
  for (const node of topologicalOrder([...inputsOf({ inputs, state, outputs }), ...Object.values(outputsOf({ inputs, state, outputs }))])) {
    const kind = kindOf(node, node.inputs.map((input) => kinds.get(input)!), parameters)
    kinds.set(node, kind)
    if (isSame(node)) made.set(node, node.operation === asFloat32Operation ? as('single', node.inputs[0]!) : made.get(node.inputs[0]!)!)
    else if (node.operation.name === 'after') made.set(node, rebuilt(node, kind, [made.get(node.inputs[0]!)!, ...node.inputs.slice(1).map((input) => as('single', input))]))
    else made.set(node, rebuilt(node, kind, node.inputs.map((input) => as(kind === 'half' ? 'half' : 'single', input))))
  }
  return {
    inputs,
    state: state.map(({ input, next }) => ({ input, next: as('single', next) })),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, node]) => [name, as('single', node)])),
  }
}

/** x in float32 from here on; in graphs without float16 it is x. */
export function asFloat32(x: Node): Node {
  return { operation: asFloat32Operation, inputs: [x], shape: x.shape, attributes: {}, madeAt: x.madeAt }
}

/** A value of any type as float32, to look at it. */
export function readable(node: Node): Node {
  return node.operation.isHalf === true ? { operation: toSingle, inputs: [node], shape: node.shape, attributes: {}, madeAt: node.madeAt } : node
}

/** Whether a graph keeps any of its values in float16. */
export function usesFloat16(graph: Graph): boolean {
  return topologicalOrder(Object.values(outputsOf(graph))).some(({ operation }) => operation.isHalf === true)
}

function kindOf(node: Node, inputs: readonly Kind[], parameters: readonly Node[]): Kind {
  const { name } = node.operation
  if (node.inputs.length === 0) return nameOf(node) === null ? constantKind(node) : parameters.includes(node) ? 'either' : 'single'
  if (node.operation === asFloat32Operation) return 'single'
  if (isSame(node) || name === 'after') return inputs[0]!
  if (always.has(name)) return 'half'
  if (!following.has(name) || inputs.includes('single')) return 'single'
  return inputs.includes('half') ? 'half' : 'either'
}

/** A number may be rounded unless float16 has nothing like it. */
function constantKind({ attributes }: Node): Kind {
  const data = attributes['data']
  return data instanceof Float32Array && data.every((x) => x === 0 || (Math.abs(x) >= 2 ** -14 && Math.abs(x) <= 65_504)) ? 'either' : 'single'
}

/** Whether a node is its first input, number by number and in the same places. */
function isSame(node: Node): boolean {
  return node.operation === asFloat32Operation || (node.operation.isView === true && node.shape.join() === node.inputs[0]!.shape.join())
}

function rebuilt(node: Node, kind: Kind, inputs: readonly Node[]): Node {
  if (kind === 'half') return { ...node, operation: halved(node.operation), inputs }
  return inputs.every((input, i) => input === node.inputs[i]) ? node : { ...node, inputs }
}

const known = new WeakMap<Operation, Operation>()

/** The operation on float16 values: its result is rounded, its constants are of that type. */
function halved(operation: Operation): Operation {
  const before = known.get(operation)
  if (before !== undefined) return before
  const own: Operation = {
    ...operation,
    name: `${operation.name} in float16`,
    isHalf: true,
    // an operation may ask which one its node is of
    evaluate: (node, inputs) => operation.evaluate({ ...node, operation }, inputs).map(roundToHalf),
    lower: (node, inputs, output, onnx) => operation.lower({ ...node, operation }, inputs, output, halfEmitter(onnx)),
  }
  known.set(operation, own)
  return own
}

function halfEmitter(onnx: OnnxEmitter): OnnxEmitter {
  return {
    ...onnx,
    floats: (tensor) => {
      const name = onnx.fresh()
      onnx.node('Cast', [onnx.floats(tensor)], [name], { to: FLOAT16 })
      return name
    },
    node: (type, inputs, outputs, attributes = {}) =>
      onnx.node(type, inputs, outputs, type === 'Cast' && attributes['to'] === FLOAT ? { ...attributes, to: FLOAT16 } : attributes),
  }
}

const asFloat32Operation: Operation = {
  name: 'asFloat32',
  isElementwise: true,
  evaluate: (_, [x]) => x!,
  gradient: (_, upstream) => [upstream],
  lower: (_, [x], output, onnx) => onnx.node('Identity', [x!], [output]),
}

const toHalf: Operation = {
  name: 'toFloat16',
  isElementwise: true,
  isHalf: true,
  evaluate: (_, [x]) => x!.map(roundToHalf),
  gradient: (_, upstream) => [upstream],
  lower: (_, [x], output, onnx) => onnx.node('Cast', [x!], [output], { to: FLOAT16 }),
}

const toSingle: Operation = {
  name: 'toFloat32',
  isElementwise: true,
  evaluate: (_, [x]) => x!,
  gradient: (_, upstream) => [upstream],
  lower: (_, [x], output, onnx) => onnx.node('Cast', [x!], [output], { to: FLOAT }),
}
