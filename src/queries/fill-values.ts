import { ToolkitError, unknownName } from '../errors.ts'
import { literal } from '../store/duckdb.ts'

/** Texts, quoted names, comments and dollar-quoted texts, in which a `$name` is none; then `$name`. */
const tokens = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$|\$(?<name>\w+)/g

/** The names that stand as `$name` in a query, sorted. */
export function parametersOf(sql: string): string[] {
  return [...new Set([...sql.matchAll(tokens)].flatMap(({ groups }) => groups?.['name'] ?? []))].sort()
}

/**
 * A query with a text literal in place of every `$name`, of which DuckDB makes a number where one is needed. As constants, names of joints are checked, and a macro reads no other joint.
 * Throws E_SQL_VALUE for a name without a value, and for a value that the query does not speak of.
 */
export function fillValues(sql: string, values: Readonly<Record<string, string>>): string {
  const names = parametersOf(sql)
  const missing = names.find((name) => !Object.hasOwn(values, name))
  if (missing !== undefined) throw new ToolkitError('E_SQL_VALUE', `the query needs a value for $${missing}`, { hint: `--set ${missing}=VALUE` })
  const unknown = Object.keys(values).find((name) => !names.includes(name))
  if (unknown !== undefined) throw unknownName('E_SQL_VALUE', 'parameter of the query', unknown, names)
  return sql.replaceAll(tokens, (token: string, ...rest: unknown[]) => {
    const { name } = rest.at(-1) as { name: string | undefined }
    return name === undefined ? token : literal(values[name]!)
  })
}

/** A query without its texts, quoted names and comments: what is left are words and signs of SQL. */
export function withoutTexts(sql: string): string {
  return sql.replaceAll(tokens, ' ')
}
