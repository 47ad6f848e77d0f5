import type { DuckDBConnection } from '@duckdb/node-api'

/** What a statement may read. */
export type Touched = {
  /** Tables, views and functions by name, in lower case. */
  readonly names: Set<string>
  /** Files by path or pattern. */
  readonly paths: string[]
  /** Every view: it asks what columns there are, which the files say. */
  allViews: boolean
  /** Files that its text does not tell. */
  anyFile: boolean
}

/** Table functions and schemas that tell the columns of views, and so open their files. */
const catalogFunctions = new Set(['duckdb_columns', 'duckdb_constraints', 'pragma_show'])
const catalogSchemas = new Set(['information_schema', 'pg_catalog'])
const fileFunctions = /^(?:read_|parquet_|sniff_)/

/** What a SELECT, or an EXPLAIN of one, may read, by DuckDB's own parser. A statement that it cannot parse reads nothing, one of another kind anything. */
export async function touchedBy(connection: DuckDBConnection, sql: string): Promise<Touched> {
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql($sql::VARCHAR)', { sql: sql.replace(/^\s*explain\s+(?:analyze\s+)?/i, '') })
  const parsed = JSON.parse(String(reader.getRowsJS()[0]![0])) as { error: boolean; error_type?: string }
  const isOther = parsed.error && parsed.error_type !== 'parser'
  const touched: Touched = { names: new Set(), paths: [], allViews: isOther, anyFile: isOther }
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if (!Array.isArray(node)) note(node, touched)
    Object.values(node).forEach(walk)
  }
  walk(parsed)
  return touched
}

/** The parts of a node of DuckDB's parse tree that say what is read. */
type ParseNode = {
  readonly type?: string
  readonly class?: string
  readonly table_name?: string
  readonly schema_name?: string
  readonly function_name?: string
  readonly function?: { readonly function_name: string; readonly children: readonly ParseNode[] }
  readonly query?: unknown
  readonly column_names?: readonly string[]
  readonly children?: readonly ParseNode[]
  readonly value?: { readonly value?: unknown }
}

function note(node: ParseNode, touched: Touched): void {
  if (node.class === 'FUNCTION' && node.function_name !== undefined) touched.names.add(node.function_name.toLowerCase())
  if (node.type === 'SHOW_REF' && node.query === null && node.table_name !== '"tables"') touched.allViews = true
  if (node.type === 'BASE_TABLE') {
    const name = node.table_name!.toLowerCase()
    touched.names.add(name)
    if (/[^\p{L}\p{N}_$]/u.test(name)) touched.paths.push(node.table_name!)
    if (catalogSchemas.has(node.schema_name!.toLowerCase()) || name.startsWith('pg_')) touched.allViews = true
  }
  if (node.type === 'TABLE_FUNCTION') noteTableFunction(node.function!, touched)
}

function noteTableFunction({ function_name: called, children }: NonNullable<ParseNode['function']>, touched: Touched): void {
  if (catalogFunctions.has(called.toLowerCase())) touched.allViews = true
  if (fileFunctions.test(called.toLowerCase())) {
    const paths = pathsOf(children[0])
    if (paths === null) touched.anyFile = true
    else touched.paths.push(...paths)
  } else {
    // histogram(joints, x), pragma_table_info('clips'): tables by name
    for (const name of wordsIn(children)) touched.names.add(name.toLowerCase())
  }
}

/** Every column and every constant text in the arguments of a function, which may be names of tables. */
function wordsIn(nodes: readonly ParseNode[]): string[] {
  return nodes.flatMap(({ column_names: columns = [], value, children = [] }) => {
    const text = typeof value?.value === 'string' ? [value.value] : []
    return [...columns, ...text, ...wordsIn(children)]
  })
}

/** Constant texts, one or a list of them; null = anything else. */
function pathsOf(node: ParseNode | undefined): string[] | null {
  if (typeof node?.value?.value === 'string') return [node.value.value]
  if (node?.function_name !== 'list_value' && node?.function_name !== 'array_value') return null
  const paths = (node.children ?? []).map(pathsOf)
  return paths.some((path) => path === null) ? null : paths.flatMap((path) => path!)
}
