import { constant, input, mul, type Node, scaledDotProductAttention } from '../../src/engine/index.ts'
import { multiHeadAttention, type MultiHeadOptions } from '../../src/models/blocks/multi-head-attention.ts'
import { cases } from './cases/attention.ts'
import { checkOperations } from './check-operations.ts'
import { checkRefusals } from './check-refusals.ts'
import { checkRecorded } from './recorded.ts'

checkOperations(cases)

const withBias = (q?: Node, k?: Node, v?: Node, bias?: Node): Node => scaledDotProductAttention(q!, k!, v!, { bias: bias! })
const withKeep = (q?: Node, k?: Node, v?: Node, keep?: Node): Node => scaledDotProductAttention(q!, k!, v!, { keep: keep! })
const names = ['in_proj_weight', 'in_proj_bias', 'out_proj.weight', 'out_proj.bias']
const module = (options: Omit<MultiHeadOptions, 'name' | 'heads'> = {}) => (queries?: Node, keys?: Node, ...parameters: readonly Node[]): Node => {
  const params = Object.fromEntries(parameters.map((node, i) => [`self.${names[i]}`, node]))
  return multiHeadAttention({ queries: queries!, keys: keys!, values: mul(keys!, 0.5) }, params, { name: 'self', heads: 4, ...options })
}

checkRecorded('attention', {
  attention: (q, k, v) => scaledDotProductAttention(q!, k!, v!),
  'attention, scaled': (q, k, v) => scaledDotProductAttention(q!, k!, v!, { scale: 0.25 }),
  'attention, causal': (q, k, v) => scaledDotProductAttention(q!, k!, v!, { causal: true }),
  'attention that keeps some keys': withKeep,
  'attention with a query that sees no key': withKeep,
  'attention with a bias': withBias,
  'attention with a bias that hides': withBias,
  'attention of large scores': (q, k, v) => scaledDotProductAttention(q!, k!, v!),
  'attention over one key': (q, k, v) => scaledDotProductAttention(q!, k!, v!),
  MultiheadAttention: module(),
  'MultiheadAttention with padding': module({ keep: constant({ shape: [2, 1, 1, 4], data: Float32Array.of(1, 1, 0, 0, 1, 0, 1, 1) }) }),
  'MultiheadAttention, causal': module({ causal: true }),
}, { atol: 1e-5, rtol: 1e-4 })

const [q, k] = [input('q', [2, 3, 4]), input('k', [2, 5, 4])]
checkRefusals('attention.test.ts', [
  ['scaledDotProductAttention of [2, 3, 4] and [2, 5, 4] and [2, 3, 4]: they are not [..., Q, d], [..., S, d] and [..., S, e]', () => scaledDotProductAttention(q, k, q)],
  ['scaledDotProductAttention of [2, 3, 5] and [2, 3]: the mask does not broadcast to the scores', () => scaledDotProductAttention(q, k, k, { keep: input('keep', [2, 3]) })],
  ['scaledDotProductAttention of [2, 3, 5] and [2, 2, 3, 5]: the mask does not broadcast to the scores', () => scaledDotProductAttention(q, k, k, { bias: input('bias', [2, 2, 3, 5]) })],
])
