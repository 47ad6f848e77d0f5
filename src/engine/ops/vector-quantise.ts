import { node } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type Node, shapeError } from '../graph.ts'
import { argMin } from './arg-max.ts'
import { gather } from './gather.ts'
import { matmul } from './matmul.ts'
import { mean } from './mean.ts'
import { mul } from './mul.ts'
import { oneHot } from './one-hot.ts'
import { reshape } from './reshape.ts'
import { square } from './square.ts'
import { stopGradient } from './stop-gradient.ts'
import { straightThrough } from './straight-through.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'
import { sumSquare } from './sum-square.ts'
import { transposeLast } from './transpose.ts'

export type Quantised = {
  /** [..., d]: the nearest codes, whose derivative goes to x as it comes (straight through). */
  readonly codes: Node
  /** [...]: which codes; of equally near ones the first. */
  readonly indices: Node
  /** Mean squared distance of x to codes that stand still: pulls x. */
  readonly commitment: Node
  /** The same number with x standing still: pulls the codes. Not needed where they follow running means. */
  readonly codebook: Node
  /** [K] and [K, d]: how many x chose each code and their sum, for running means of the codes (van den Oord et al., appendix A.1). */
  readonly counts: Node
  readonly sums: Node
}

/** Each x [..., d] replaced by the nearest row of a codebook [K, d]. van den Oord et al., Neural Discrete Representation Learning, 2017. */
export const vectorQuantise = checked('vectorQuantise', { x: node, codebook: node }, (x: Node, codebook: Node): Quantised => {
  const width = x.shape.at(-1)
  if (width === undefined || codebook.shape.length !== 2 || codebook.shape[1] !== width) throw shapeError('vectorQuantise', 'they are not [..., d] and [K, d]', x, codebook)
  const rows = reshape(x, [x.shape.slice(0, -1).reduce((size, extent) => size * extent, 1), width])
  // |x - c|^2 without |x|^2, which is the same for all codes
  const distances = sub(sumSquare(codebook, [-1]), mul(matmul(rows, transposeLast(codebook)), 2))
  const chosen = argMin(stopGradient(distances), 1)
  const codes = reshape(gather(codebook, chosen), x.shape)
  const distance = (a: Node, b: Node): Node => mean(square(sub(a, b)), [...x.shape.keys()])
  const choices = oneHot(chosen, codebook.shape[0]!)
  return {
    codes: straightThrough(codes, x), indices: reshape(chosen, x.shape.slice(0, -1)),
    commitment: distance(x, stopGradient(codes)), codebook: distance(codes, stopGradient(x)),
    counts: sum(choices, [0]), sums: stopGradient(matmul(transposeLast(choices), rows)),
  }
})
