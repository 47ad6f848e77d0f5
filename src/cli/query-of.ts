import { readFile } from 'node:fs/promises'
import { ToolkitError } from '../errors.ts'
import { savedQuery } from '../queries/index.ts'

/** The query that a command line names, in one of three ways; null = none. Throws E_USAGE for two of them, E_SAVED_UNKNOWN. */
export async function queryOf({ query, file, saved, queries }: {
  readonly query: string | undefined; readonly file: string | undefined; readonly saved: string | undefined; readonly queries: string
}): Promise<string | null> {
  if ([query, file, saved].filter((way) => way !== undefined).length > 1) throw new ToolkitError('E_USAGE', 'a query, --file and --saved: one of them', { hint: 'posetta sql "select * from clips limit 5"' })
  if (file !== undefined) return readFile(file, 'utf8')
  if (saved !== undefined) return (await savedQuery(saved, queries)).sql
  return query ?? null
}
