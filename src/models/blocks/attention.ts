import { count, node, options, text } from '../../engine/arguments.ts'
import { checked } from '../../engine/checked.ts'
import { add, matmul, mul, type Node, reshape, softmax, transpose } from '../../engine/index.ts'
import type { Nodes } from '../model.ts'
import { type MatrixInit, matrixInitKind, type ParameterSpec } from '../parameter.ts'
import { checkHeads, mergeHeads, splitHeads } from './heads.ts'
import { linear, linearSpec } from './linear.ts'
import { paramsKind } from './parameter-of.ts'

/** Query, key and value without bias, the output with one, as in vit-pytorch's ViViT. */
export const attentionSpec = checked('attentionSpec', { name: text, width: count, init: matrixInitKind }, (name: string, width: number, init: MatrixInit): ParameterSpec[] => {
  return [
    ...['query', 'key', 'value'].flatMap((part) => linearSpec(`${name}.${part}`, width, width, { init, bias: false })),
    ...linearSpec(`${name}.output`, width, width, { init }),
  ]
})

/**
 * Multi-head scaled dot-product attention of `queries` [B, Q, d] over `x` [B, S, d]; `bias`, broadcast to [B, heads, Q, S], is added to the scores
 * (-1e9 hides a key). Vaswani et al., Attention Is All You Need, 2017.
 */
export const attention = checked('attention', {
  queries: node, x: node, params: paramsKind, options: options({ name: text, heads: count, bias: node }, ['name', 'heads']),
}, (queries: Node, x: Node, params: Nodes, { name, heads, bias }: { name: string; heads: number; bias?: Node | undefined }): Node => {
  checkHeads('attention', heads, queries, x)
  const [batch, length, width] = queries.shape as [number, number, number]
  const [keys, depth] = [x.shape[1]!, width / heads]
  const split = (from: Node, part: string, rows: number): Node => reshape(linear(from, params, `${name}.${part}`), [batch, rows, heads, depth])
  const q = transpose(mul(split(queries, 'query', length), 1 / Math.sqrt(depth)), [0, 2, 1, 3])
  const k = transpose(split(x, 'key', keys), [0, 2, 3, 1])
  const v = splitHeads(linear(x, params, `${name}.value`), heads)
  const scores = matmul(q, k)
  const mixed = matmul(softmax(bias === undefined ? scores : add(scores, bias)), v)
  return linear(mergeHeads(mixed), params, `${name}.output`)
})
