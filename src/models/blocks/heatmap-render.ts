import {
  add, concat, constant, div, exp, log, matmul, maximum, minimum, mul, type Node, relu, reshape, slice, sqrt, square, stepMask, sub, transpose,
} from '../../engine/index.ts'
import type { Tensor } from '../../tensor.ts'

/** What is drawn; as in the transforms' HeatmapSpec. */
export type RenderOptions = {
  readonly joints: number
  readonly edges: readonly (readonly [number, number])[]
  readonly channels: 'joint' | 'limb' | 'both'
  readonly size: number
  readonly sigma: number
  readonly patch: number
}

/**
 * Points [V, T, M, J, 3] (x, y on the grid, confidence; absent = confidence 0 and any finite place) -> heatmaps in patch order [V, T, N, C p p], within 1e-5 of what the
 * transforms draw: a joint is a column times a row, a limb the distance to a segment, persons share a channel by the larger value. The tails are not cut off.
 */
export function renderHeatmaps(points: Node, options: RenderOptions): Node {
  const [rows, frames, persons, joints] = points.shape as [number, number, number, number]
  const { channels, size, patch } = options
  const flat = reshape(points, [rows * frames, persons, joints, 3])
  const drawn = Array.from({ length: persons }, (_, person) => {
    const one = reshape(slice(flat, 1, person, person + 1), [rows * frames, joints, 3])
    return concat([...(channels === 'limb' ? [] : [renderJoints(one, options)]), ...(channels === 'joint' ? [] : [renderLimbs(one, options)])], 2)
  })
  return reshape(drawn.reduce((all, one) => maximum(all, one)), [rows, frames, (size / patch) ** 2, drawn[0]!.shape[2]!])
}

/** Joints below this confidence are not drawn. */
const leastConfidence = 1e-3

/** [F, J, 1] each; the confidence is 0 for joints that are not drawn. */
function partsOf(points: Node): { x: Node; y: Node; confidence: Node } {
  const [x, y, confidence] = [0, 1, 2].map((axis) => slice(points, 2, axis, axis + 1)) as [Node, Node, Node]
  // where confidence = the least it is drawn
  return { x, y, confidence: mul(confidence, sub(1, stepMask(sub(leastConfidence, confidence)))) }
}

/** [F, J, 3] -> [F, N, J p p]: the profiles are laid out for the pixels of a patch first, which products with 0 and 1 do, so that one product over long rows is left. */
function renderJoints(points: Node, { joints, size, sigma, patch }: RenderOptions): Node {
  const [frames, across] = [points.shape[0]!, size / patch]
  const { x, y, confidence } = partsOf(points)
  const grid = constant(tensorOf([1, 1, size], (i) => i))
  const profile = (centre: Node): Node => exp(mul(square(sub(grid, centre)), -1 / (2 * sigma ** 2)))
  const laidOut = (values: Node, isOf: (at: number, pixel: number) => boolean, shape: readonly number[]): Node => {
    const byPatch = transpose(reshape(values, [frames, joints, across, patch]), [0, 2, 1, 3])
    return reshape(matmul(byPatch, constant(tensorOf([patch, patch * patch], (i) => Number(isOf(Math.floor(i / patch ** 2), i % patch ** 2))))), shape)
  }
  const columns = laidOut(profile(x), (at, pixel) => pixel % patch === at, [frames, 1, across, joints * patch * patch])
  const lines = laidOut(mul(profile(y), confidence), (at, pixel) => Math.floor(pixel / patch) === at, [frames, across, 1, joints * patch * patch])
  return reshape(mul(lines, columns), [frames, across * across, joints * patch * patch])
}

/**
 * [F, J, 3] -> [F, N, L p p]. Squared distance = side^2 + beyond^2, in units of sqrt(2) sigma: `side` of the line and `beyond` either end are linear in x and y, so
 * that products of [F L, 3] with the pixels' (x, y, 1) give them. A limb shorter than a pixel has length 0 and the first joint's confidence.
 */
function renderLimbs(points: Node, { joints, edges, size, sigma, patch }: RenderOptions): Node {
  const [frames, limbs, across] = [points.shape[0]!, edges.length, size / patch]
  const ends = (end: 0 | 1): { x: Node; y: Node; confidence: Node } =>
    partsOf(matmul(constant(tensorOf([limbs, joints], (i) => Number(edges[Math.floor(i / joints)]![end] === i % joints))), points))
  const [a, b] = [ends(0), ends(1)]
  const [dx, dy] = [sub(b.x, a.x), sub(b.y, a.y)]
  const squared = add(square(dx), square(dy))
  const isShort = stepMask(sub(1, squared))
  const isLong = sub(1, isShort)
  const length = sqrt(maximum(squared, 1))
  const [ux, uy] = [add(mul(div(dx, length), isLong), isShort), mul(div(dy, length), isLong)]
  const both = mul(stepMask(a.confidence), stepMask(b.confidence))
  const confidence = mul(add(mul(isShort, a.confidence), mul(isLong, minimum(a.confidence, b.confidence))), both)
  const centre = (size - 1) / 2
  const [ax, ay] = [sub(a.x, centre), sub(a.y, centre)]
  const start = add(mul(ux, ax), mul(uy, ay))
  const pixels = constant(tensorOf([3, size * size], (i) => {
    const { x, y } = placeOf(i % size ** 2, size, patch)
    return ([x - centre, y - centre, 1] as const)[Math.floor(i / size ** 2)]! / (Math.SQRT2 * sigma)
  }))
  const over = (...parts: readonly [Node, Node, Node]): Node => matmul(reshape(concat(parts, 2), [frames * limbs, 3]), pixels)
  const side = over(mul(uy, -1), ux, sub(mul(uy, ax), mul(ux, ay)))
  const before = relu(over(mul(ux, -1), mul(uy, -1), start))
  const after = relu(over(ux, uy, sub(mul(start, -1), mul(length, isLong))))
  // one of them is 0; c e^-d = e^(ln c - d), and e^-1000 = 0
  const height = reshape(sub(log(maximum(confidence, 1e-6)), mul(stepMask(sub(1e-6, confidence)), 1000)), [frames * limbs, 1])
  const values = exp(sub(sub(height, square(side)), square(add(before, after))))
  return reshape(transpose(reshape(values, [frames, limbs, across * across, patch * patch]), [0, 2, 1, 3]), [frames, across * across, limbs * patch * patch])
}

/** Pixel `index` in patch order. */
function placeOf(index: number, size: number, patch: number): { x: number; y: number } {
  const [token, pixel] = [Math.floor(index / patch ** 2), index % patch ** 2]
  const across = size / patch
  return { x: (token % across) * patch + (pixel % patch), y: Math.floor(token / across) * patch + Math.floor(pixel / patch) }
}

function tensorOf(shape: readonly number[], value: (index: number) => number): Tensor {
  return { shape, data: Float32Array.from({ length: shape.reduce((product, extent) => product * extent, 1) }, (_, i) => value(i)) }
}
