import { count, node, oneOf, options, positive, text } from '../../engine/arguments.ts'
import { checked } from '../../engine/checked.ts'
import { add, gelu, type Node, slice } from '../../engine/index.ts'
import type { Nodes } from '../model.ts'
import { type MatrixInit, matrixInitKind, type ParameterSpec } from '../parameter.ts'
import { attention, attentionSpec } from './attention.ts'
import { norm, normSpec } from './layer-norm.ts'
import { linear, linearSpec } from './linear.ts'
import { paramsKind } from './parameter-of.ts'

/** Parameters of `transformerBlock`: two norms [width], attention, and an MLP `<name>.mlp-in` [width, mlp x width], `<name>.mlp-out` [mlp x width, width]. */
export const transformerBlockSpec = checked('transformerBlockSpec', {
  name: text, options: options({ width: count, mlp: count, init: matrixInitKind }, ['width', 'mlp', 'init']),
}, (name: string, { width, mlp, init }: { width: number; mlp: number; init: MatrixInit }): ParameterSpec[] => {
  return [
    ...normSpec(`${name}.attention-norm`, width), ...attentionSpec(`${name}.attention`, width, init),
    ...normSpec(`${name}.mlp-norm`, width),
    ...linearSpec(`${name}.mlp-in`, width, mlp * width, { init }), ...linearSpec(`${name}.mlp-out`, mlp * width, width, { init }),
  ]
})

/**
 * Pre-norm block: x += attention(norm x); x += W2 gelu(W1 norm x). [B, S, d] -> [B, S, d]; with `only: 'first'` -> [B, 1, d], the first token alone:
 * when nothing reads the others, their queries and their MLP need not be computed, and the result is the same number by number.
 */
export const transformerBlock = checked('transformerBlock', {
  x: node, params: paramsKind, options: options({ name: text, heads: count, bias: node, rotaryBase: positive, only: oneOf('all', 'first') }, ['name', 'heads']),
}, (
  x: Node, params: Nodes, { name, heads, bias, rotaryBase, only = 'all' }: { name: string; heads: number; bias?: Node; rotaryBase?: number | undefined; only?: 'all' | 'first' },
): Node => {
  const normed = norm(x, params, `${name}.attention-norm`)
  const [kept, queries] = only === 'all' ? [x, normed] : [slice(x, 1, 0, 1), slice(normed, 1, 0, 1)]
  const attended = add(kept, attention(queries, normed, params, { name: `${name}.attention`, heads, bias, rotaryBase }))
  const hidden = gelu(linear(norm(attended, params, `${name}.mlp-norm`), params, `${name}.mlp-in`))
  return add(attended, linear(hidden, params, `${name}.mlp-out`))
})
