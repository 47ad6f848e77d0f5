import { number, oneOf, optional, options, whole } from '../arguments.ts'
import { checked } from '../checked.ts'
import type { Node } from '../graph.ts'
import { constant } from './input.ts'

/** The constant start, start + step, ...: `count` numbers [count]. */
export const arange = checked('arange', {
  count: whole, options: options({ start: number, step: number }),
}, (count: number, { start = 0, step = 1 }: { readonly start?: number; readonly step?: number } = {}): Node => {
  return constant({ shape: [count], data: Float32Array.from({ length: count }, (_, i) => start + i * step) })
})

/**
 * The constant [rows, columns] with 1 where column - row <= `diagonal` (`lower`; torch.tril of ones) or >= `diagonal` (`upper`; torch.triu), else 0: what a causal mask keeps is
 * the lower one.
 */
export const triangle = checked('triangle', {
  rows: whole, columns: optional(whole), options: options({ part: oneOf('lower', 'upper'), diagonal: whole }),
}, (rows: number, columns = rows, { part = 'lower', diagonal = 0 }: { readonly part?: 'lower' | 'upper'; readonly diagonal?: number } = {}): Node => {
  const isIn = (offset: number): boolean => (part === 'lower' ? offset <= diagonal : offset >= diagonal)
  return constant({ shape: [rows, columns], data: Float32Array.from({ length: rows * columns }, (_, i) => Number(isIn((i % columns) - Math.floor(i / columns)))) })
})
