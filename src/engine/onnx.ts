import { sizeOf, type Tensor } from '../tensor.ts'
import { checkArguments, flag, graphKind, options, record, tensor, text } from './arguments.ts'
import { type Graph, type Node, type OnnxAttribute, type OnnxEmitter, type OnnxValue, topologicalOrder } from './graph.ts'
import { nameOf, valueOf } from './ops/input.ts'
import { ProtobufWriter } from './protobuf.ts'
import { numbersAsText, shareCommonNodes } from './simplify.ts'

/** Operator set 20 is the first with Gelu; IR 9 is what goes with it. */
const OPSET = 20
const IR_VERSION = 9

/** What names begin with that nobody gave: of values between inputs and results, and of constants. */
const INTERNAL = '#'
const NEXT = 'next:'

// onnx.proto3: TensorProto.DataType and AttributeProto.AttributeType
const FLOAT = 1
const INT64 = 7
const ATTRIBUTE = { float: 1, integer: 2, string: 3, graph: 5, integers: 7 }

/**
 * What an ONNX model holds beside its graph: values of inputs, which are then fixed and fed no more, and texts about it. `loops`: recurrences as ONNX's Scan, which WebGPU has not,
 * in place of one step after the other.
 */
export type OnnxContents = { readonly values?: Readonly<Record<string, Tensor>>; readonly metadata?: Readonly<Record<string, string>>; readonly loops?: boolean }

const onnxKinds = { graph: graphKind, options: options({ values: record(tensor), metadata: record(text), loops: flag }) }

/** A graph as an ONNX model. Inputs and states are graph inputs under their names; outputs keep theirs; the next value of state `s` is the output `next:s`. */
export function encodeOnnx(given: Graph, contents: OnnxContents = {}): Uint8Array {
  checkArguments('encodeOnnx', onnxKinds, [given, contents])
  const { values = {}, metadata = {}, loops = false } = contents
  const graph = shareCommonNodes(given)
  const body = new ProtobufWriter()
  const results = Object.entries(outputsOf(graph))
  // a result is computed under its name: ONNX Runtime copies what goes through Identity
  const answered = new Map(results.toReversed().map(([name, node]) => [node, name]))
  const names = new Map<Node, string>()
  const emitter = emitInto(body, loops)
  for (const node of topologicalOrder(results.map(([, node]) => node))) {
    const value = valueOf(node)
    if (value !== null && !answered.has(node)) {
      // as it is: behind an Identity, ONNX Runtime 1.30 loses a constant that two of its fusions take (1 / x * c twice)
      names.set(node, emitter.floats({ shape: node.shape, data: value }))
      continue
    }
    const name = nameOf(node) ?? answered.get(node) ?? `${INTERNAL}v${names.size}`
    names.set(node, name)
    node.operation.lower(node, node.inputs.map((input) => names.get(input)!), name, emitter)
  }
  for (const [name, node] of results) if (names.get(node) !== name) emitter.node('Identity', [names.get(node)!], [name])
  body.bytes(2, 'posetta')
  emitter.writeConstants()
  const read = new Set([...names.keys()].map(nameOf))
  // what no node reads is left out: ONNX Runtime warns of each such value
  for (const [name, value] of Object.entries(values)) if (read.has(name)) body.bytes(5, floatProto(name, value))
  for (const node of inputsOf(graph)) if (values[nameOf(node)!] === undefined) body.bytes(11, valueInfo(nameOf(node)!, node.shape))
  for (const [name, node] of results) body.bytes(12, valueInfo(name, node.shape))
  const model = new ProtobufWriter().integer(1, IR_VERSION).bytes(2, 'posetta').bytes(7, body).bytes(8, new ProtobufWriter().bytes(1, '').integer(2, OPSET))
  for (const [key, text] of Object.entries(metadata)) model.bytes(14, new ProtobufWriter().bytes(1, key).bytes(2, text))
  return model.finish()
}

/** Whether a value's name may be given: it is neither one of those between inputs and results nor that of a state's next value. */
export function isFreeName(name: string): boolean {
  return name !== '' && !name.startsWith(INTERNAL) && !name.startsWith(NEXT)
}

/** The name under which a run answers the next value of a state. */
export function nextName(state: Node): string {
  return `${NEXT}${nameOf(state)}`
}

/** Everything a run feeds: inputs, then states. */
export function inputsOf(graph: Graph): Node[] {
  return [...graph.inputs, ...graph.state.map(({ input }) => input)]
}

/** Everything a run answers: outputs, then the next states as `next:<name>`. */
export function outputsOf(graph: Graph): Record<string, Node> {
  return { ...graph.outputs, ...Object.fromEntries(graph.state.map(({ input, next }) => [nextName(input), next])) }
}

function emitInto(body: ProtobufWriter, loops: boolean): OnnxEmitter & { writeConstants(): void } {
  const constants = new Map<string, { name: string; bytes: ProtobufWriter }>()
  let count = 0
  const constant = (key: string | null, make: (name: string) => ProtobufWriter): string => {
    const known = key === null ? undefined : constants.get(key)
    if (known !== undefined) return known.name
    const name = `${INTERNAL}c${constants.size}`
    constants.set(key ?? name, { name, bytes: make(name) })
    return name
  }
  const into = (target: ProtobufWriter): OnnxEmitter => ({
    node: (type, inputs, outputs, attributes = {}) => {
      const message = new ProtobufWriter()
      for (const input of inputs) message.bytes(1, input)
      for (const output of outputs) message.bytes(2, output)
      message.bytes(4, type)
      for (const [name, value] of Object.entries(attributes)) message.bytes(5, attribute(name, value))
      target.bytes(1, message)
    },
    integers: (values) => constant(`i${values.join(',')}`, (name) => integerProto(name, values)),
    floats: (value) => constant(
      value.data.length > 64 ? null : `f${value.shape.join('x')}:${numbersAsText(value.data)}`, (name) => floatProto(name, value)),
    fresh: () => `${INTERNAL}t${count++}`,
    ...(loops ? { subgraph: (inputs, outputs, write) => subgraphOf(inputs, outputs, (inside) => write(into(inside))) } : {}),
  })
  return {
    ...into(body),
    writeConstants: () => {
      for (const { bytes } of constants.values()) body.bytes(5, bytes)
    },
  }
}

function subgraphOf(inputs: readonly OnnxValue[], outputs: readonly OnnxValue[], write: (inside: ProtobufWriter) => void): OnnxAttribute {
  const inside = new ProtobufWriter()
  write(inside)
  inside.bytes(2, 'step')
  for (const { name, shape } of inputs) inside.bytes(11, valueInfo(name, shape))
  for (const { name, shape } of outputs) inside.bytes(12, valueInfo(name, shape))
  return { graph: inside.finish() }
}

function integerProto(name: string, values: readonly number[]): ProtobufWriter {
  return tensorProto(name, INT64, [values.length], new Uint8Array(BigInt64Array.from(values, BigInt).buffer))
}

function floatProto(name: string, { shape, data }: Tensor): ProtobufWriter {
  return tensorProto(name, FLOAT, shape, new Uint8Array(data.buffer, data.byteOffset, sizeOf(shape) * 4))
}

function tensorProto(name: string, type: number, shape: readonly number[], raw: Uint8Array): ProtobufWriter {
  const message = new ProtobufWriter()
  for (const extent of shape) message.integer(1, extent)
  return message.integer(2, type).bytes(8, name).bytes(9, raw)
}

function attribute(name: string, value: OnnxAttribute): ProtobufWriter {
  const message = new ProtobufWriter().bytes(1, name)
  if (typeof value === 'number') return message.integer(3, value).integer(20, ATTRIBUTE.integer)
  if (typeof value === 'string') return message.bytes(4, value).integer(20, ATTRIBUTE.string)
  if ('graph' in value) return message.bytes(6, value.graph).integer(20, ATTRIBUTE.graph)
  if ('float' in value) return message.float(2, value.float).integer(20, ATTRIBUTE.float)
  for (const number of value) message.integer(8, number)
  return message.integer(20, ATTRIBUTE.integers)
}

function valueInfo(name: string, shape: readonly number[]): ProtobufWriter {
  const dims = new ProtobufWriter()
  for (const extent of shape) dims.bytes(1, new ProtobufWriter().integer(1, extent))
  const tensor = new ProtobufWriter().integer(1, FLOAT).bytes(2, dims)
  return new ProtobufWriter().bytes(1, name).bytes(2, new ProtobufWriter().bytes(1, tensor))
}
