import { asDerivativeOf, type Node, shapeError, topologicalOrder } from './graph.ts'
import { add } from './ops/add.ts'
import { constant } from './ops/input.ts'
import { sizeOf } from '../tensor.ts'

/**
 * Derivatives of a scalar with respect to nodes, as nodes: reverse mode. Nodes that do not lead to `of` get none, so inputs cost nothing.
 * A node of `of` that the loss does not depend on gets zeros.
 */
export function gradients(loss: Node, of: readonly Node[]): Node[] {
  if (sizeOf(loss.shape) !== 1) throw shapeError('gradients', 'the loss must be one number', loss)
  const derivatives = pullBack(loss, constant({ shape: loss.shape, data: Float32Array.of(1) }), of)
  return of.map((node, i) => derivatives[i] ?? constant({ shape: node.shape, data: new Float32Array(sizeOf(node.shape)) }))
}

/** The derivatives of a loss with respect to the nodes `of`, given that with respect to `output`; null where no derivative flows. What leads beyond `ends` is left out. */
export function pullBack(output: Node, derivative: Node, of: readonly Node[], ends: ReadonlySet<Node> = new Set()): (Node | null)[] {
  const order = topologicalOrder([output])
  const leading = new Set<Node>(of)
  for (const node of order) if (node.inputs.some((input) => leading.has(input))) leading.add(node)

  const upstream = new Map<Node, Node>([[output, derivative]])
  for (const node of order.toReversed()) {
    const arriving = upstream.get(node)
    if (arriving === undefined || !leading.has(node) || node.inputs.length === 0 || ends.has(node)) continue
    const wanted = node.inputs.map((input) => leading.has(input))
    for (const [index, one] of asDerivativeOf(node, () => node.operation.gradient(node, arriving, wanted)).entries()) {
      const input = node.inputs[index]!
      if (one === null || !leading.has(input)) continue
      const before = upstream.get(input)
      upstream.set(input, before === undefined ? one : asDerivativeOf(input, () => add(before, one)))
    }
  }
  return of.map((node) => upstream.get(node) ?? null)
}
