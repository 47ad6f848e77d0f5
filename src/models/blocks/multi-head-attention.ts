import { count, node, options as optionsOf, text } from '../../engine/arguments.ts'
import { checked } from '../../engine/checked.ts'
import { attentionFields } from '../../engine/ops/attention.ts'
import { type AttentionOptions, type Node, scaledDotProductAttention, slice, transposeLast } from '../../engine/index.ts'
import type { Nodes } from '../model.ts'
import { matrixInit, type ParameterSpec } from '../parameter.ts'
import { checkHeads, mergeHeads, splitHeads } from './heads.ts'
import { linear } from './linear.ts'
import { parameterOf, paramsKind } from './parameter-of.ts'

/** The parameters of torch.nn.MultiheadAttention by its names, in its layout and with its starting values: matrices [out, in], query, key and value one below the other. */
export const multiHeadAttentionSpec = checked('multiHeadAttentionSpec', { name: text, width: count }, (name: string, width: number): ParameterSpec[] => {
  const zeros = (of: string, shape: readonly number[]): ParameterSpec => ({ name: `${name}.${of}`, shape, init: { kind: 'constant', value: 0 }, decay: false })
  return [
    { name: `${name}.in_proj_weight`, shape: [3 * width, width], init: matrixInit('xavier', width, 3 * width), decay: true }, zeros('in_proj_bias', [3 * width]),
    { name: `${name}.out_proj.weight`, shape: [width, width], init: matrixInit('fan-in', width, width), decay: true }, zeros('out_proj.bias', [width]),
  ]
})

export type MultiHeadOptions = AttentionOptions & { readonly name: string; readonly heads: number }

const multiHeadKinds = {
  sequences: optionsOf({ queries: node, keys: node, values: node }, ['queries', 'keys', 'values']), params: paramsKind,
  options: optionsOf({ name: text, heads: count, ...attentionFields }, ['name', 'heads']),
}

/**
 * Multi-head attention of `queries` [B, Q, d] over `keys` and `values` [B, S, d], as torch.nn.MultiheadAttention with `batch_first`; masks broadcast to [B, heads, Q, S] ([B, 1, 1, S]
 * for keys that are padding). A query that sees no key gets the output's bias, where PyTorch's module gives NaN.
 */
export const multiHeadAttention = checked('multiHeadAttention', multiHeadKinds, (
  { queries, keys, values }: { queries: Node; keys: Node; values: Node }, params: Nodes, { name, heads, ...options }: MultiHeadOptions,
): Node => {
  const width = queries.shape.at(-1)!
  checkHeads('multiHeadAttention', heads, queries, keys, values)
  const projected = (x: Node, part: number): Node => {
    const rows = (of: string): Node => slice(parameterOf(params, `${name}.${of}`), 0, part * width, (part + 1) * width)
    return splitHeads(linear(x, { 'in.weight': transposeLast(rows('in_proj_weight')), 'in.bias': rows('in_proj_bias') }, 'in'), heads)
  }
  const mixed = scaledDotProductAttention(projected(queries, 0), projected(keys, 1), projected(values, 2), options)
  return linear(mergeHeads(mixed), { 'out.weight': transposeLast(parameterOf(params, `${name}.out_proj.weight`)), 'out.bias': parameterOf(params, `${name}.out_proj.bias`) }, 'out')
})
