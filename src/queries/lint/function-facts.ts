import type { DuckDBConnection } from '@duckdb/node-api'

/** What DuckDB says about its functions, by name. */
export type FunctionFacts = {
  /** Those that may answer otherwise when they are asked again. */
  readonly changing: ReadonlySet<string>
  readonly aggregates: ReadonlySet<string>
  /** Whether they answer floats: always, never, or it depends on what they are given. */
  readonly floats: ReadonlyMap<string, 'always' | 'never' | 'depends'>
}

/** Macros of DuckDB's own that are aggregates within, and take no ORDER BY. */
export const macrosOfAggregates: ReadonlySet<string> = new Set(['json_group_array', 'json_group_object', 'json_group_structure', 'geomean', 'geometric_mean', 'wavg', 'weighted_avg'])

/** The facts about every function of a connection. */
export async function functionFacts(connection: DuckDBConnection): Promise<FunctionFacts> {
  const reader = await connection.runAndReadAll(`
    SELECT function_name, bool_or(stability <> 'CONSISTENT'), bool_or(function_type = 'aggregate'), list(DISTINCT coalesce(return_type, 'ANY') ORDER BY coalesce(return_type, 'ANY'))
    FROM duckdb_functions() WHERE function_type IN ('scalar', 'aggregate', 'macro') GROUP BY function_name ORDER BY function_name`)
  const rows = reader.getRowsJS() as [string, boolean | null, boolean, string[]][]
  return {
    changing: new Set(rows.filter(([, isChanging]) => isChanging === true).map(([name]) => name)),
    aggregates: new Set([...rows.filter(([, , isAggregate]) => isAggregate).map(([name]) => name), ...macrosOfAggregates]),
    floats: new Map(rows.map(([name, , , types]) => [name, floatsOf(types)])),
  }
}

function floatsOf(types: readonly string[]): 'always' | 'never' | 'depends' {
  if (types.every((type) => type === 'FLOAT' || type === 'DOUBLE')) return 'always'
  return types.some((type) => /FLOAT|DOUBLE|ANY|NULL|^T$|\bT\b/.test(type)) ? 'depends' : 'never'
}
