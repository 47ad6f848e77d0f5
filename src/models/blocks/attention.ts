import { count, node, options, positive, text } from '../../engine/arguments.ts'
import { checked } from '../../engine/checked.ts'
import { add, matmul, mul, type Node, reshape, softmax, transpose, transposeLast } from '../../engine/index.ts'
import type { Nodes } from '../model.ts'
import { type MatrixInit, matrixInitKind, type ParameterSpec } from '../parameter.ts'
import { checkHeads, mergeHeads, splitHeads } from './heads.ts'
import { linear, linearSpec } from './linear.ts'
import { paramsKind } from './parameter-of.ts'
import { rotary } from './rotary-position.ts'

/** Query, key and value without bias, the output with one, as in vit-pytorch's ViViT. */
export const attentionSpec = checked('attentionSpec', { name: text, width: count, init: matrixInitKind }, (name: string, width: number, init: MatrixInit): ParameterSpec[] => {
  return [
    ...['query', 'key', 'value'].flatMap((part) => linearSpec(`${name}.${part}`, width, width, { init, bias: false })),
    ...linearSpec(`${name}.output`, width, width, { init }),
  ]
})

/**
 * Multi-head scaled dot-product attention of `queries` [B, Q, d] over `x` [B, S, d]; `bias`, broadcast to [B, heads, Q, S], is added to the scores
 * (-1e9 hides a key). With `rotaryBase` queries and keys are turned by their place, so that scores depend on how far apart they are (`rotary`). Vaswani et al., Attention Is All You Need, 2017.
 */
export const attention = checked('attention', {
  queries: node, x: node, params: paramsKind, options: options({ name: text, heads: count, bias: node, rotaryBase: positive }, ['name', 'heads']),
}, (queries: Node, x: Node, params: Nodes, { name, heads, bias, rotaryBase }: { name: string; heads: number; bias?: Node | undefined; rotaryBase?: number | undefined }): Node => {
  checkHeads('attention', heads, queries, x)
  const [batch, length, width] = queries.shape as [number, number, number]
  const [keys, depth] = [x.shape[1]!, width / heads]
  const split = (from: Node, part: string, rows: number): Node => reshape(linear(from, params, `${name}.${part}`), [batch, rows, heads, depth])
  const q = transpose(mul(split(queries, 'query', length), 1 / Math.sqrt(depth)), [0, 2, 1, 3])
  const k = split(x, 'key', keys)
  const v = splitHeads(linear(x, params, `${name}.value`), heads)
  const scores = rotaryBase === undefined
    ? matmul(q, transpose(k, [0, 2, 3, 1]))
    : matmul(rotary(q, rotaryBase), transposeLast(rotary(transpose(k, [0, 2, 1, 3]), rotaryBase)))
  const mixed = matmul(softmax(bias === undefined ? scores : add(scores, bias)), v)
  return linear(mergeHeads(mixed), params, `${name}.output`)
})
