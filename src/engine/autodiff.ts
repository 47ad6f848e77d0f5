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
  const order = topologicalOrder([loss])
  const leading = new Set<Node>(of)
  for (const node of order) if (node.inputs.some((input) => leading.has(input))) leading.add(node)

  const upstream = new Map<Node, Node>([[loss, constant({ shape: loss.shape, data: Float32Array.of(1) })]])
  for (const node of order.toReversed()) {
    const arriving = upstream.get(node)
    if (arriving === undefined || !leading.has(node) || node.inputs.length === 0) continue
    for (const [index, derivative] of asDerivativeOf(node, () => node.operation.gradient(node, arriving)).entries()) {
      const input = node.inputs[index]!
      if (derivative === null || !leading.has(input)) continue
      const before = upstream.get(input)
      upstream.set(input, before === undefined ? derivative : asDerivativeOf(input, () => add(before, derivative)))
    }
  }
  return of.map((node) => upstream.get(node) ?? constant({ shape: node.shape, data: new Float32Array(sizeOf(node.shape)) }))
}
