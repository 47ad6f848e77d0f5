/** What can make an answer change between runs: `error`, it can; `warn`, it can where rows tie, where a table gets another column, or in the order of rows alone. docs/splits.md tells each. */
export const lintLevels = {
  syntax: 'error',
  chance: 'error',
  sample: 'error',
  clock: 'error',
  session: 'error',
  'engine-hash': 'error',
  'limit-order': 'error',
  'distinct-on-order': 'error',
  'aggregate-order': 'error',
  'float-sum': 'error',
  approximate: 'error',
  'positional-join': 'error',
  glob: 'error',
  ties: 'warn',
  star: 'warn',
  unordered: 'warn',
} as const

export type LintCode = keyof typeof lintLevels

/** Why the answer of a statement can change between runs, and where: line and column from 1. */
export type LintFinding = { readonly code: LintCode; readonly level: 'error' | 'warn'; readonly line: number; readonly column: number; readonly message: string }
