import { sizeOf } from '../../tensor.ts'
import { node, notNegative, optional } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type Node, shapeError } from '../graph.ts'
import { add } from './add.ts'
import { mul } from './mul.ts'
import { reciprocal } from './reciprocal.ts'
import { reshape } from './reshape.ts'
import { sqrt } from './sqrt.ts'
import { sumSquare } from './sum-square.ts'

/** x / sqrt(mean of x^2 + epsilon) gain over the last axes, those of the gain (Zhang & Sennrich, NeurIPS 2019). `epsilon` is that of float32 when not given, as PyTorch's. */
export const rmsNorm = checked('rmsNorm', { x: node, gain: node, epsilon: optional(notNegative) }, (x: Node, gain: Node, epsilon = 2 ** -23): Node => {
  const axes = gain.shape.length
  if (axes === 0 || gain.shape.join() !== x.shape.slice(-axes).join()) throw shapeError('rmsNorm', 'the gain must have the last extents', x, gain)
  const width = sizeOf(gain.shape)
  const rows = reshape(x, [...x.shape.slice(0, -axes), width])
  const scale = reciprocal(sqrt(add(mul(sumSquare(rows, [-1], { keepDims: true }), 1 / width), epsilon)))
  return mul(reshape(mul(rows, scale), x.shape), gain)
})
