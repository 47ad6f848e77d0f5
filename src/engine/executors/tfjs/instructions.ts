import type { Tensor } from '../../../tensor.ts'
import { type Graph, type Node, type OnnxAttribute, type OnnxEmitter, topologicalOrder } from '../../graph.ts'
import { outputsOf } from '../../onnx.ts'
import { nameOf } from '../../ops/input.ts'
import { shareCommonNodes } from '../../simplify.ts'

/** One ONNX node to compute. `frees`: values that nothing needs after it. */
export type Instruction = {
  readonly type: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, OnnxAttribute>>
  readonly frees: readonly string[]
  /** The node of the graph that it belongs to. */
  readonly node: Node
}

/** A graph as a list of ONNX nodes, for executors that compute them one after the other. */
export type Instructions = {
  readonly list: readonly Instruction[]
  readonly integers: ReadonlyMap<string, readonly number[]>
  readonly floats: ReadonlyMap<string, Tensor>
  /** The value of each output and, as `next:<name>`, of each next state. */
  readonly results: Readonly<Record<string, string>>
}

/** What `lower` writes, in order. Inputs and states are values under their own names. */
export function instructionsOf(graph: Graph): Instructions {
  const results = Object.entries(outputsOf(shareCommonNodes(graph)))
  const names = new Map<Node, string>()
  const list: Omit<Instruction, 'frees'>[] = []
  const [integers, floats] = [new Map<string, readonly number[]>(), new Map<string, Tensor>()]
  let count = 0
  for (const node of topologicalOrder(results.map(([, value]) => value))) {
    const name = nameOf(node) ?? `v${names.size}`
    names.set(node, name)
    const emitter: OnnxEmitter = {
      node: (type, inputs, outputs, attributes = {}) => { list.push({ type, inputs, outputs, attributes, node }) },
      integers: (values) => keep(integers, `i${values.join(',')}`, values),
      floats: (tensor) => keep(floats, `f${floats.size}`, tensor),
      fresh: () => `t${count++}`,
    }
    node.operation.lower(node, node.inputs.map((input) => names.get(input)!), name, emitter)
  }
  const resultNames = Object.fromEntries(results.map(([name, node]) => [name, names.get(node)!]))
  return { list: withFrees(list, new Set(Object.values(resultNames))), integers, floats, results: resultNames }
}

function keep<Value>(values: Map<string, Value>, name: string, value: Value): string {
  values.set(name, value)
  return name
}

/** Each value is freed after the last instruction that reads it, or after the one that makes it when none does; results are kept. */
function withFrees(list: readonly Omit<Instruction, 'frees'>[], kept: ReadonlySet<string>): Instruction[] {
  const made = new Set(list.flatMap(({ outputs }) => outputs))
  const last = new Map<string, number>()
  for (const [i, { inputs, outputs }] of list.entries()) for (const name of [...inputs, ...outputs]) last.set(name, i)
  return list.map((instruction, i) => {
    const touched = [...new Set([...instruction.inputs, ...instruction.outputs])]
    return { ...instruction, frees: touched.filter((name) => made.has(name) && !kept.has(name) && last.get(name) === i) }
  })
}
