import { rename, rm } from 'node:fs/promises'
import { withDuck } from '../store/duckdb.ts'
import type { Column } from '../store/index.ts'
import { rowTable } from '../store/shard-tables.ts'
import { parquetWriter } from '../store/write-parquet.ts'
import type { Finding } from './finding.ts'
import type { Findings } from './keep-first.ts'

const columns: readonly Column[] = [
  { name: 'dataset', type: 'text' }, { name: 'code', type: 'text' }, { name: 'severity', type: 'text' }, { name: 'clip', type: 'text' },
  { name: 'person', type: 'integer' }, { name: 'start', type: 'integer' }, { name: 'end', type: 'integer' }, { name: 'joints', type: 'texts' },
  { name: 'value', type: 'double' }, { name: 'limit', type: 'double' }, { name: 'message', type: 'text' }]

/** Findings as rows of a file. */
export function findingTable({ findings }: Pick<Findings, 'findings'>): { columns: string[]; rows: Row[]; truncated: false } {
  return { columns: columns.map(({ name }) => name), rows: findings.map(rowOf), truncated: false }
}

/** Writes findings to a Parquet file, whole or not at all. */
export async function writeFindings(file: string, findings: readonly Finding[]): Promise<void> {
  const partial = `${file}.partial`
  try {
    await withDuck((duck) => parquetWriter(duck)(partial, rowTable(columns, findings.map(rowOf), { posetta: 'findings 1' })), { threads: 1 })
    await rename(partial, file)
  } finally {
    await rm(partial, { force: true })
  }
}

type Row = (string | number | string[] | null)[]

function rowOf({ dataset, code, severity, clip, person, start, end, joints, value, limit, message }: Finding): Row {
  return [dataset, code, severity, clip, person, start, end, [...joints], value, limit, message]
}
