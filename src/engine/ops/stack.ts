import { list, node, optional, whole } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type Node, shapeError } from '../graph.ts'
import { axisOf } from './axis.ts'
import { concat } from './concat.ts'
import { reshape } from './reshape.ts'

/** Nodes of one shape along a new axis. */
export const stack = checked('stack', { nodes: list(node), axis: optional(whole) }, (nodes: readonly Node[], axis = 0): Node => {
  const [first] = nodes
  if (first === undefined) throw shapeError('stack', 'there are no nodes')
  const at = axisOf('stack', first, axis, first.shape.length + 1)
  if (nodes.some(({ shape }) => shape.join() !== first.shape.join())) throw shapeError('stack', 'the shapes differ', ...nodes)
  return concat(nodes.map((node) => reshape(node, node.shape.toSpliced(at, 0, 1))), at)
})
