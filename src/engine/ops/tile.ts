import { node, whole, wholes } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type Node, shapeError } from '../graph.ts'
import { axisOf } from './axis.ts'
import { reshape } from './reshape.ts'
import { expand } from './sum.ts'

/** x repeated as a whole, `counts[axis]` times along each axis, as numpy's tile: [a, b] becomes [a, b, a, b]. */
export const tile = checked('tile', { x: node, counts: wholes }, (x: Node, counts: readonly number[]): Node => {
  if (counts.length !== x.shape.length || !counts.every(isCount)) throw shapeError('tile', `no counts [${counts.join(', ')}]`, x)
  const apart = x.shape.flatMap((extent, axis) => (counts[axis] === 1 ? [extent] : [1, extent]))
  const repeated = x.shape.flatMap((extent, axis) => (counts[axis] === 1 ? [extent] : [counts[axis]!, extent]))
  return reshape(repeated.length === x.shape.length ? x : expand(reshape(x, apart), repeated), x.shape.map((extent, axis) => extent * counts[axis]!))
})

/** Each place of an axis `count` times, as torch.repeat_interleave: [a, b] becomes [a, a, b, b]. */
export const repeat = checked('repeat', { x: node, count: whole, axis: whole }, (x: Node, count: number, axis: number): Node => {
  const at = axisOf('repeat', x, axis)
  if (!isCount(count)) throw shapeError('repeat', `${count} is no count`, x)
  if (count === 1) return x
  const apart = x.shape.toSpliced(at + 1, 0, 1)
  return reshape(expand(reshape(x, apart), apart.with(at + 1, count)), x.shape.with(at, x.shape[at]! * count))
})

function isCount(count: number): boolean {
  return Number.isInteger(count) && count >= 1
}
