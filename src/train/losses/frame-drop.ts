import { add, div, maximum, mul, type Node, relu, reshape, sigmoid, slice, sqrt, square, sub, sum } from '../../engine/index.ts'
import { linear, linearSpec } from '../../models/blocks/linear.ts'
import type { Nodes, ParameterSpec } from '../../models/index.ts'

/** Widths between a frame and what GTCC's release calls its dropout vector. */
const WIDTHS = [256, 1024, 512, 256]
const layer = (index: number): string => `frame-drop.${index}`

/** Parameters of `dropVectors` for projections of `depth` numbers. */
export function frameDropSpec(depth: number): ParameterSpec[] {
  const widths = [depth, ...WIDTHS, depth + 1]
  return widths.slice(1).flatMap((width, index) => linearSpec(layer(index), widths[index]!, width, { init: 'fan-in' }))
}

/** What each sequence asks of frames that are to be found in it, [R, z + 1]: the mean over its frames of a network on their projections [R, T, z]. */
export function dropVectors(projection: Node, mask: Node, params: Nodes): Node {
  const hidden = WIDTHS.reduce((x, _, index) => relu(linear(x, params, layer(index))), projection)
  const real = reshape(mask, [...mask.shape, 1])
  return div(sum(mul(linear(hidden, params, layer(WIDTHS.length)), real), [1]), maximum(sum(real, [1]), 1))
}

/**
 * The chance B that a frame is not dropped, [P, T]: its projection times the vector [P, z + 1] of the sequence it is sought in, brought to mean 0 and deviation 1 over the frames, through a
 * sigmoid between `least` and 1. Donahue and Elhamifar, CVPR 2024 (`loss_functions.py`).
 */
export function keptShares(projection: Node, mask: Node, vectors: Node, least: Node): Node {
  const [pairs, , depth] = projection.shape as [number, number, number]
  const [slopes, offset] = [reshape(slice(vectors, 1, 0, depth), [pairs, 1, depth]), slice(vectors, 1, depth)]
  const scores = add(sum(mul(projection, slopes), [2]), offset)
  const frames = sum(mask, [1], { keepDims: true })
  const centred = mul(sub(scores, div(sum(mul(scores, mask), [1], { keepDims: true }), maximum(frames, 1))), mask)
  const variance = div(sum(square(centred), [1], { keepDims: true }), maximum(sub(frames, 1), 1))
  return add(least, mul(sub(1, least), sigmoid(div(centred, sqrt(maximum(variance, 1e-12))))))
}
