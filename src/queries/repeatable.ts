import { ToolkitError } from '../errors.ts'
import { withLinter } from './lint/lint-sql.ts'

/** Refuses the query of a split whose answer may differ the next time: what the linter calls an error, each with its place. Throws E_SPLIT_CHANCE. */
export async function checkRepeatable(sql: string, name: string): Promise<void> {
  const errors = (await withLinter((lint) => lint(sql))).filter(({ level }) => level === 'error')
  if (errors.length === 0) return
  const places = errors.map(({ line, column, message, code }) => `line ${line}, column ${column}: ${message} (${code})`)
  throw new ToolkitError('E_SPLIT_CHANCE', `split "${name}": the same query would not give the same split again: ${places.join('; ')}`, {
    hint: 'choose by bucket($salt, group_id), or list the clips; posetta lint FILE.sql checks a query' })
}
