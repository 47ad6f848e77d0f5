import { type AttentionOptions, type Node, scaledDotProductAttention, slice, transposeLast } from '../../engine/index.ts'
import { ToolkitError } from '../../errors.ts'
import type { Nodes } from '../model.ts'
import { matrixInit, type ParameterSpec } from '../parameter.ts'
import { mergeHeads, splitHeads } from './heads.ts'
import { linear } from './linear.ts'

/** The parameters of torch.nn.MultiheadAttention by its names, in its layout and with its starting values: matrices [out, in], query, key and value one below the other. */
export function multiHeadAttentionSpec(name: string, width: number): ParameterSpec[] {
  const zeros = (of: string, shape: readonly number[]): ParameterSpec => ({ name: `${name}.${of}`, shape, init: { kind: 'constant', value: 0 }, decay: false })
  return [
    { name: `${name}.in_proj_weight`, shape: [3 * width, width], init: matrixInit('xavier', width, 3 * width), decay: true }, zeros('in_proj_bias', [3 * width]),
    { name: `${name}.out_proj.weight`, shape: [width, width], init: matrixInit('fan-in', width, width), decay: true }, zeros('out_proj.bias', [width]),
  ]
}

export type MultiHeadOptions = AttentionOptions & { readonly name: string; readonly heads: number }

/**
 * Multi-head attention of `queries` [B, Q, d] over `keys` and `values` [B, S, d], as torch.nn.MultiheadAttention with `batch_first`; masks broadcast to [B, heads, Q, S] ([B, 1, 1, S]
 * for keys that are padding). A query that sees no key gets the output's bias, where PyTorch's module gives NaN.
 */
export function multiHeadAttention({ queries, keys, values }: { queries: Node; keys: Node; values: Node }, params: Nodes, { name, heads, ...options }: MultiHeadOptions): Node {
  const width = queries.shape.at(-1)!
  if (width % heads !== 0) throw new ToolkitError('E_SHAPE', `multiHeadAttention "${name}": a width of ${width} does not come apart into ${heads} heads`)
  const projected = (x: Node, part: number): Node => {
    const rows = (of: string): Node => slice(params[`${name}.${of}`]!, 0, part * width, (part + 1) * width)
    return splitHeads(linear(x, { 'in.weight': transposeLast(rows('in_proj_weight')), 'in.bias': rows('in_proj_bias') }, 'in'), heads)
  }
  const mixed = scaledDotProductAttention(projected(queries, 0), projected(keys, 1), projected(values, 2), options)
  return linear(mergeHeads(mixed), { 'out.weight': transposeLast(params[`${name}.out_proj.weight`]!), 'out.bias': params[`${name}.out_proj.bias`]! }, 'out')
}
