import { type Node, shapeError } from '../graph.ts'

/** An axis of x counted from the front; given ones below 0 count from the end. `rank` when x's own is not what is counted. */
export function axisOf(operation: string, x: Node, axis: number, rank = x.shape.length): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) throw shapeError(operation, `no axis ${axis}`, x)
  return axis < 0 ? axis + rank : axis
}
