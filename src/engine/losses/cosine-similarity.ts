import { node, notNegative, optional, options, whole } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type Node, shapeError } from '../graph.ts'
import { axisOf } from '../ops/axis.ts'
import { div } from '../ops/div.ts'
import { maximum } from '../ops/maximum.ts'
import { mul } from '../ops/mul.ts'
import { norm } from '../ops/norm.ts'
import { sum } from '../ops/sum.ts'

/** The cosine of the angle between a and b along an axis, the last when not given; they broadcast. Lengths below `epsilon` count as it: of zeros it is 0. */
export const cosineSimilarity = checked('cosineSimilarity', {
  a: node, b: node, options: options({ axis: whole, epsilon: notNegative }),
}, (a: Node, b: Node, { axis = -1, epsilon = 1e-8 }: { readonly axis?: number; readonly epsilon?: number } = {}): Node => {
  const product = mul(a, b)
  const along = axisOf('cosineSimilarity', product, axis) - product.shape.length
  const extents = [a, b].map(({ shape }) => shape.at(along))
  if (Math.min(a.shape.length, b.shape.length) < -along || extents[0] !== extents[1]) throw shapeError('cosineSimilarity', `axis ${axis} differs`, a, b)
  return div(sum(product, [along]), mul(maximum(norm(a, [along]), epsilon), maximum(norm(b, [along]), epsilon)))
})

/** Each row of x [..., d] divided by its length, which counts as `epsilon` when below: zeros stay zeros. */
export const unitRows = checked('unitRows', { x: node, epsilon: optional(notNegative) }, (x: Node, epsilon = 1e-12): Node => {
  return div(x, maximum(norm(x, [-1], { keepDims: true }), epsilon))
})
