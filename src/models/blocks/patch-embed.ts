import { count, node, options, text } from '../../engine/arguments.ts'
import { checked } from '../../engine/checked.ts'
import { shapeError } from '../../engine/graph.ts'
import { add, constant, div, matmul, mean, mul, type Node, reciprocal, reshape, sqrt, square, sub, sum, sumSquare } from '../../engine/index.ts'
import type { Nodes } from '../model.ts'
import { type MatrixInit, matrixInitKind, type ParameterSpec } from '../parameter.ts'
import { norm, normSpec } from './layer-norm.ts'
import { linearSpec } from './linear.ts'
import { parameterOf, paramsKind } from './parameter-of.ts'

const EPSILON = 1e-5

/** Parameters of `patchEmbed`: `<name>.in-norm` [inputs], `<name>.linear` [inputs, width], `<name>.out-norm` [width]. */
export const patchEmbedSpec = checked('patchEmbedSpec', {
  name: text, options: options({ inputs: count, width: count, init: matrixInitKind }, ['inputs', 'width', 'init']),
}, (name: string, { inputs, width, init }: { inputs: number; width: number; init: MatrixInit }): ParameterSpec[] => {
  return [...normSpec(`${name}.in-norm`, inputs), ...linearSpec(`${name}.linear`, inputs, width, { init }), ...normSpec(`${name}.out-norm`, width)]
})

/**
 * Patches [..., P] -> tokens [..., d]: norm(P), linear, norm(d), as in vit-pytorch's ViViT.
 * The first norm is folded into the product: with W' = diag(gain) W, y = (x W' - mean(x) colsum(W')) / sd(x) + (bias W + b). The same mathematics, but the
 * normalised patches (57 MB for 32 rows of 64 frames of the small profile) are neither made nor kept for the gradient, and mean and sd, being of data
 * alone, have none.
 */
export const patchEmbed = checked('patchEmbed', { patches: node, params: paramsKind, name: text }, (patches: Node, params: Nodes, name: string): Node => {
  const weight = parameterOf(params, `${name}.linear.weight`)
  const [inputs, width] = weight.shape as [number, number]
  if (patches.shape.at(-1) !== inputs) throw shapeError('patchEmbed', `"${name}.linear.weight" is not [last extent of patches, width]`, patches, weight)
  const leading = patches.shape.slice(0, -1)
  const x = reshape(patches, [leading.reduce((size, extent) => size * extent, 1), inputs])
  const scaled = mul(reshape(parameterOf(params, `${name}.in-norm.gain`), [inputs, 1]), weight)
  const shift = add(reshape(matmul(reshape(parameterOf(params, `${name}.in-norm.bias`), [1, inputs]), weight), [width]), parameterOf(params, `${name}.linear.bias`))
  const { centre, inverse } = moments(x)
  const centred = sub(matmul(x, scaled), mul(centre, sum(scaled, [0], { keepDims: true })))
  return norm(reshape(add(mul(inverse, centred), shift), [...leading, width]), params, `${name}.out-norm`)
})

/** Mean and 1 / sqrt(variance + epsilon) of each row, [R, 1]. Heatmaps lie in 0..1, so that E[x^2] - E[x]^2 loses at most 1e-7, a hundredth of epsilon. */
function moments(x: Node): { centre: Node; inverse: Node } {
  const centre = mean(x, [1], { keepDims: true })
  const variance = sub(div(sumSquare(x, [1], { keepDims: true }), x.shape[1]!), square(centre))
  return { centre, inverse: reciprocal(sqrt(add(variance, constant(EPSILON)))) }
}
