import { node, number } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type Node, shapeError } from '../graph.ts'
import { greater, less } from './compare.ts'
import { and } from './logic.ts'
import { pointwiseWith } from './unary.ts'
import { where } from './where.ts'

const between = pointwiseWith<{ readonly low: number; readonly high: number }>({
  name: 'clamp', value: (x, { low, high }) => Math.min(Math.max(x, low), high),
  onnx: (x, output, onnx, { low, high }) => {
    const bounds = [low, high].map((bound) => onnx.floats({ shape: [], data: Float32Array.of(bound) }))
    onnx.node('Clip', [x, ...bounds], [output])
  },
  gradient: (x, _node, upstream, { low, high }) => {
    const [above, below] = [low === -Infinity ? null : greater(x, low), high === Infinity ? null : less(x, high)]
    const isBetween = above === null || below === null ? above ?? below : and(above, below)
    return isBetween === null ? upstream : where(isBetween, upstream, 0)
  },
})

/** x, at least `low` and at most `high`, which may be infinite; the derivative is 1 between them, else 0, also at them; an infinite one is none. */
export const clamp = checked('clamp', { x: node, low: number, high: number }, (x: Node, low: number, high: number): Node => {
  if (!(low <= high)) throw shapeError('clamp', `there is nothing between ${low} and ${high}`, x)
  return between(x, { low: Math.fround(low), high: Math.fround(high) })
})
