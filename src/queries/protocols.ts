import type { DuckDBConnection } from '@duckdb/node-api'
import { readdir, readFile } from 'node:fs/promises'
import type { DatasetEntry } from '../catalog.ts'
import { unknownName } from '../errors.ts'
import { sides } from './members.ts'
import { rowsOf } from './rows-of.ts'

/** A published count held against the store's. */
export type CountCheck = { readonly side: string; readonly expected: number; readonly found: number; readonly ok: boolean }

const folder = new URL('./splits/', import.meta.url)

/** Names of the protocols that come with the package. */
export async function listProtocols(): Promise<string[]> {
  return (await readdir(folder)).filter((file) => file.endsWith('.sql')).map((file) => file.slice(0, -4)).sort()
}

/** The SQL of a published protocol. Throws E_PROTOCOL_UNKNOWN with the nearest name. */
export async function protocolSql(name: string): Promise<string> {
  const names = await listProtocols()
  if (!names.includes(name)) throw unknownName('E_PROTOCOL_UNKNOWN', 'split protocol', name, names)
  return readFile(new URL(`${name}.sql`, folder), 'utf8')
}

/** The recordings on each side held against the counts published with the protocol. */
export async function countChecks(connection: DuckDBConnection, entry: DatasetEntry, name: string): Promise<CountCheck[]> {
  const published = entry.splits[name]?.counts
  const counted = await rowsOf(connection, 'SELECT side, count(DISTINCT group_id) AS recordings FROM members JOIN clips ON clips.id = members.clip_id GROUP BY side ORDER BY side', {})
  return sides.flatMap((side) => {
    const expected = published?.[side]
    const found = Number(counted.find((row) => row['side'] === side)?.['recordings'] ?? 0)
    return expected === undefined ? [] : [{ side, expected, found, ok: expected === found }]
  })
}
