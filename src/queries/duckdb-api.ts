import type * as duckdb from '@duckdb/node-api'
import { createRequire } from 'node:module'

/** DuckDB's own interface for JavaScript. An `import` would first look through all of its files for names, which takes longer than loading them. */
export const {
  DuckDBInstance, listValue,
  DuckDBArrayValue, DuckDBBlobValue, DuckDBDecimalValue, DuckDBGeometryValue, DuckDBListValue, DuckDBMapValue, DuckDBStructValue, DuckDBTimestampTZValue,
  DuckDBUnionValue, DuckDBVariantValue,
} = createRequire(import.meta.url)('@duckdb/node-api') as typeof duckdb
