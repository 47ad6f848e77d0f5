import { type Graph, type Node, type OnnxEmitter, topologicalOrder } from '../graph.ts'
import { encodeOnnx, outputsOf } from '../onnx.ts'
import { input, nameOf } from '../ops/input.ts'

/** The operations of a graph whose model `opens` refuses when each is tried by itself, with the ONNX operators they are made of: `softsign (Softsign)`. */
export async function operationsRefused(graph: Graph, opens: (model: Uint8Array) => Promise<boolean>): Promise<string[]> {
  const kinds = new Map<string, Node>()
  for (const node of topologicalOrder(Object.values(outputsOf(graph)))) {
    const key = JSON.stringify([node.operation.name, node.attributes, node.inputs.map(({ shape }) => shape)])
    if (nameOf(node) === null && node.inputs.length > 0 && !kinds.has(key)) kinds.set(key, node)
  }
  const refused = new Set<string>()
  for (const node of kinds.values()) {
    const inputs = node.inputs.map(({ shape }, i) => input(`x${i}`, shape))
    if (!await opens(encodeOnnx({ inputs, state: [], outputs: { y: { ...node, inputs } } }))) refused.add(`${node.operation.name} (${operatorsOf(node).join(', ')})`)
  }
  return [...refused]
}

/** The ONNX operators that a node is written as. */
function operatorsOf(node: Node): string[] {
  const types = new Set<string>()
  let count = 0
  const fresh = (): string => `t${count++}`
  const emitter: OnnxEmitter = { node: (type) => { types.add(type) }, integers: fresh, floats: fresh, fresh }
  node.operation.lower(node, node.inputs.map((_, i) => `x${i}`), 'y', emitter)
  return [...types]
}
