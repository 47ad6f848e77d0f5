import { node, oneOrWholes, whole } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type Node, shapeError } from '../graph.ts'
import { axisOf } from './axis.ts'
import { slice } from './slice.ts'

/** x cut along an axis into parts: a number of equal ones, or one of each given extent. As slices: WebGPU cannot split into many. */
export const split = checked('split', { x: node, parts: oneOrWholes, axis: whole }, (x: Node, parts: number | readonly number[], axis: number): Node[] => {
  const at = axisOf('split', x, axis)
  const extents = typeof parts === 'number' ? Array.from({ length: parts }, () => x.shape[at]! / parts) : parts
  const fits = extents.length > 0 && extents.every((extent) => Number.isInteger(extent) && extent > 0) && extents.reduce((a, b) => a + b) === x.shape[at]
  if (!fits) throw shapeError('split', `axis ${axis} does not come apart into ${typeof parts === 'number' ? `${parts} equal parts` : `[${parts.join(', ')}]`}`, x)
  let start = 0
  return extents.map((extent) => slice(x, at, start, start += extent))
})
