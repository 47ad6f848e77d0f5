/** What can make an answer change between runs. `error`: it can; `warn`: it can where rows tie, or when a table gets another column. */
export const lintRules = {
  syntax: { level: 'error', title: 'not one SELECT that parses' },
  chance: { level: 'error', title: 'draws by chance' },
  sample: { level: 'error', title: 'takes a sample' },
  clock: { level: 'error', title: 'asks the clock' },
  session: { level: 'error', title: 'asks who runs it, and where' },
  'engine-hash': { level: 'error', title: 'may change with the version of DuckDB' },
  'limit-order': { level: 'error', title: 'keeps some of rows that have no order' },
  'distinct-on-order': { level: 'error', title: 'keeps one of rows that have no order' },
  'aggregate-order': { level: 'error', title: 'depends on the order of rows' },
  'float-sum': { level: 'error', title: 'adds floats in any order' },
  approximate: { level: 'error', title: 'approximates by the order of rows' },
  glob: { level: 'error', title: 'reads whatever files there are' },
  ties: { level: 'warn', title: 'an order in which rows may tie' },
  star: { level: 'warn', title: 'whatever columns there are' },
  unordered: { level: 'warn', title: 'rows in any order' },
} as const satisfies Record<string, { readonly level: 'error' | 'warn'; readonly title: string }>

export type LintCode = keyof typeof lintRules

/** Why the answer of a statement can change between runs, and where: line and column from 1. */
export type LintFinding = { readonly code: LintCode; readonly level: 'error' | 'warn'; readonly line: number; readonly column: number; readonly message: string }
