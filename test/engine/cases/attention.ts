import { scaledDotProductAttention } from '../../../src/engine/index.ts'
import type { Case } from '../operation-case.ts'

const shapes = [[2, 3, 4], [2, 5, 4], [2, 5, 2]] as const

/** Attention with its masks. */
export const cases: readonly Case[] = [
  { title: 'attention', shapes, make: (q, k, v) => scaledDotProductAttention(q!, k!, v!) },
  { title: 'attention, causal, scaled', shapes, make: (q, k, v) => scaledDotProductAttention(q!, k!, v!, { causal: true, scale: 0.3 }) },
  {
    title: 'attention that keeps some keys', shapes: [...shapes, [2, 1, 5]], make: (q, k, v, keep) => scaledDotProductAttention(q!, k!, v!, { keep: keep! }),
    feeds: [undefined, undefined, undefined, [1, 0, 1, 1, 0, 0, 0, 0, 1, 0]], differentiable: [0, 1, 2],
  },
  {
    title: 'attention with a query that sees no key', shapes: [...shapes, [3, 5]], make: (q, k, v, keep) => scaledDotProductAttention(q!, k!, v!, { keep: keep!, causal: true }),
    feeds: [undefined, undefined, undefined, [0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 0, 1]], differentiable: [0, 1, 2],
  },
  { title: 'attention with a bias that is learned', shapes: [...shapes, [3, 5]], make: (q, k, v, bias) => scaledDotProductAttention(q!, k!, v!, { bias: bias! }) },
  { title: 'attention of one query over one key', shapes: [[1, 2], [1, 2], [1, 3]], make: (q, k, v) => scaledDotProductAttention(q!, k!, v!) },
  { title: 'attention of heads over keys that they share', shapes: [[2, 3, 2, 4], [2, 1, 5, 4], [1, 5, 2]], make: (q, k, v) => scaledDotProductAttention(q!, k!, v!) },
]
