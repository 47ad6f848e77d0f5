import { sizeOf } from '../../tensor.ts'
import { node, whole } from '../arguments.ts'
import { checked } from '../checked.ts'
import { broadcastShapes, type Node, shapeError } from '../graph.ts'
import { axisOf } from './axis.ts'
import { gather } from './gather.ts'
import { indicesOf } from './indices.ts'
import { reshape } from './reshape.ts'
import { expand } from './sum.ts'
import { transpose } from './transpose.ts'

/**
 * One place of an axis for each entry of the indices, which have the rank of x and broadcast with it along the other axes: out[i, j] = x[i, index[i, j]] for axis 1, as
 * torch.take_along_dim. Indices as for gather.
 */
export const takeAlong = checked('takeAlong', { x: node, indices: node, axis: whole }, (x: Node, indices: Node, axis: number): Node => {
  const at = axisOf('takeAlong', x, axis)
  const others = indices.shape.length === x.shape.length ? broadcastShapes(x.shape.with(at, 1), indices.shape.with(at, 1)) : null
  if (others === null) throw shapeError('takeAlong', `the shapes do not broadcast beside axis ${at}`, x, indices)
  const index = indicesOf('takeAlong', x, indices, x.shape[at]!)
  const rows = others.toSpliced(at, 1)
  const inRows = (node: Node): Node => reshape(lastly(expanded(node, others.with(at, node.shape[at]!)), at), [sizeOf(rows), node.shape[at]!])
  const taken = gather(inRows(x), inRows(index), 1, { batchAxes: 1 })
  const count = indices.shape[at]!
  const last = reshape(taken, [...rows, count])
  return transposed(last, [...last.shape.keys()].slice(0, -1).toSpliced(at, 0, rows.length))
})

function expanded(x: Node, shape: readonly number[]): Node {
  return shape.every((extent, axis) => extent === x.shape[axis]) ? x : expand(x, shape)
}

/** x with an axis moved to the end. */
function lastly(x: Node, axis: number): Node {
  return transposed(x, [...x.shape.keys()].toSpliced(axis, 1).concat(axis))
}

function transposed(x: Node, permutation: readonly number[]): Node {
  return permutation.every((axis, i) => axis === i) ? x : transpose(x, permutation)
}
