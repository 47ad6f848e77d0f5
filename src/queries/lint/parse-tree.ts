import type { DuckDBConnection } from '@duckdb/node-api'

/** A part of what DuckDB's parser makes of a statement, as `json_serialize_sql` writes it; only what the linter looks at has a name here. */
export type ParseNode = {
  readonly type?: string
  readonly class?: string
  readonly alias?: string
  readonly query_location?: number
  readonly function_name?: string
  readonly children?: readonly ParseNode[]
  readonly child?: ParseNode | null
  readonly column_names?: readonly string[]
  readonly value?: { readonly type: { readonly id: string }; readonly value?: unknown }
  readonly cast_type?: { readonly id: string; readonly type_info?: unknown }
  readonly order_bys?: { readonly orders: readonly OrderItem[] } | null
  readonly orders?: readonly OrderItem[]
  readonly arg_orders?: readonly OrderItem[]
  readonly partitions?: readonly ParseNode[]
  readonly start?: string
  readonly end?: string
  readonly distinct?: boolean
  readonly subquery?: { readonly node: ParseNode } | null
  readonly subquery_type?: string
  readonly sample?: object | null
  // queries
  readonly modifiers?: readonly ParseNode[]
  readonly cte_map?: { readonly map: readonly { readonly key: string; readonly value: { readonly aliases?: readonly string[]; readonly query: { readonly node: ParseNode } } }[] }
  readonly select_list?: readonly ParseNode[]
  readonly from_table?: ParseNode | null
  readonly group_expressions?: readonly ParseNode[]
  readonly group_sets?: readonly unknown[]
  readonly aggregate_handling?: string
  readonly left?: ParseNode | null
  readonly right?: ParseNode | null
  readonly limit?: ParseNode | null
  readonly offset?: ParseNode | null
  readonly distinct_on_targets?: readonly ParseNode[]
  // tables
  readonly table_name?: string
  readonly relation_name?: string
  readonly column_name_alias?: readonly string[]
  readonly join_type?: string
  readonly ref_type?: string
  readonly function?: ParseNode
}

export type OrderItem = { readonly expression: ParseNode }

/** The query of the one SELECT in a text; or why there is none, and at which byte. */
export type Parsed = { readonly query: ParseNode } | { readonly problem: string; readonly at: number }

/** Parses SQL without binding it: tables need not be there. */
export async function parseSql(connection: DuckDBConnection, sql: string): Promise<Parsed> {
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql($sql::VARCHAR)', { sql })
  const parsed = JSON.parse(String(reader.getRowsJS()[0]![0])) as { error: boolean; error_message?: string; position?: string; statements?: readonly { readonly node: ParseNode }[] }
  if (parsed.error) return { problem: parsed.position === undefined ? 'is not a SELECT' : parsed.error_message!, at: Number(parsed.position ?? 0) }
  const statements = parsed.statements!
  if (statements.length !== 1) return { problem: statements.length === 0 ? 'is no statement' : `is ${statements.length} statements: one at a time`, at: 0 }
  return { query: statements[0]!.node }
}

/** Whether it is a query: a SELECT, a set operation, a recursive CTE. */
export function isQuery({ type }: ParseNode): boolean {
  return type !== undefined && /^(?:SELECT|SET_OPERATION|RECURSIVE_CTE|CTE)_NODE$/.test(type)
}

/** The byte at which a node stands in the text; null = the parser does not say. */
export function placeOf({ query_location: at }: ParseNode): number | null {
  return at === undefined || !Number.isSafeInteger(at) ? null : at
}

/** The byte at which a node or the first part of it that has a place stands; null = none has. */
export function firstPlace(node: ParseNode): number | null {
  const places = [placeOf(node), ...partsOf(node).map(firstPlace)].filter((place) => place !== null)
  return places.length === 0 ? null : Math.min(...places)
}

/** Every part of a node that is a node, or a list or object of nodes. */
export function partsOf(node: object): ParseNode[] {
  return Object.values(node).filter((part): part is ParseNode => typeof part === 'object' && part !== null)
}

/** An expression without its place and name, so that equal expressions are equal texts. */
export function textOfExpression(node: ParseNode): string {
  return JSON.stringify(node, (key, value: unknown) => (key === 'query_location' || key === 'alias' ? undefined : typeof value === 'string' ? value.toLowerCase() : value))
}
