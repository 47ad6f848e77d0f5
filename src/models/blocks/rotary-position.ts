import { circle, exp, ln } from '../../elementary.ts'
import { node, positive } from '../../engine/arguments.ts'
import { checked } from '../../engine/checked.ts'
import { shapeError } from '../../engine/graph.ts'
import { add, concat, constant, mul, type Node, slice, sub } from '../../engine/index.ts'

/**
 * Queries or keys [B, heads, S, depth] turned by their place: numbers k and k + depth / 2 of the token at place s are a point that turns by s / base^(2k / depth)
 * radians. The product of a query and a key then depends on how far apart the two are, never on where they stand. E_SHAPE for an odd depth.
 * Su et al., RoFormer: Enhanced Transformer with Rotary Position Embedding, 2021.
 */
export const rotary = checked('rotary', { x: node, base: positive }, (x: Node, base: number): Node => {
  const [, , length, depth] = x.shape as [number, number, number, number]
  if (x.shape.length !== 4 || depth % 2 !== 0) throw shapeError('rotary', 'it is not [B, heads, S, depth] with an even depth', x)
  const half = depth / 2
  const turns = Float64Array.from({ length: half }, (_, k) => exp((-k * ln(base)) / half) / (2 * Math.PI))
  const table = (of: 'cos' | 'sin'): Node => constant({
    shape: [1, 1, length, half], data: Float32Array.from({ length: length * half }, (_, at) => circle(Math.floor(at / half) * turns[at % half]!)[of]) })
  const [cos, sin] = [table('cos'), table('sin')]
  const [a, b] = [slice(x, 3, 0, half), slice(x, 3, half, depth)]
  return concat([sub(mul(a, cos), mul(b, sin)), add(mul(a, sin), mul(b, cos))], 3)
})
