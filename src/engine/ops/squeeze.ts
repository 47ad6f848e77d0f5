import { node, optional, wholes } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type Node, shapeError } from '../graph.ts'
import { axisOf } from './axis.ts'
import { axesIn } from './reduction.ts'
import { reshape } from './reshape.ts'

/** x without the given axes, all of extent 1; without axes, without all that are. */
export const squeeze = checked('squeeze', {
  x: node, axes: optional(wholes),
}, (x: Node, axes: readonly number[] = [...x.shape.keys()].filter((axis) => x.shape[axis] === 1)): Node => {
  const gone = axesIn('squeeze', x, axes)
  const wide = gone.find((axis) => x.shape[axis] !== 1)
  if (wide !== undefined) throw shapeError('squeeze', `axis ${wide} has ${x.shape[wide]} places`, x)
  return reshape(x, x.shape.filter((_, axis) => !gone.includes(axis)))
})

/** x with new axes of extent 1 at these places of the result. */
export const unsqueeze = checked('unsqueeze', { x: node, axes: wholes }, (x: Node, axes: readonly number[]): Node => {
  const rank = x.shape.length + axes.length
  const added = axes.map((axis) => axisOf('unsqueeze', x, axis, rank)).toSorted((a, b) => a - b)
  if (new Set(added).size !== added.length) throw shapeError('unsqueeze', `an axis is named twice in [${axes.join(', ')}]`, x)
  return reshape(x, added.reduce<readonly number[]>((shape, axis) => shape.toSpliced(axis, 0, 1), x.shape))
})
