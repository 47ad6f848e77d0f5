import type { DuckDBConnection } from '@duckdb/node-api'
import { readdir, readFile } from 'node:fs/promises'
import { rowsOf } from './rows-of.ts'

/** Clips of two sides that are not independent; `code` = the check that found them. */
export type Leak = { readonly code: string; readonly count: number; readonly examples: readonly string[]; readonly allowed: boolean }

const folder = new URL('./leaks/', import.meta.url)

/** Runs every leak check on the `members` of a session; those that found nothing are left out. */
export async function findLeaks(connection: DuckDBConnection): Promise<Omit<Leak, 'allowed'>[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  const found = await Promise.all(files.map(async (file) => {
    const rows = await rowsOf(connection, await readFile(new URL(file, folder), 'utf8'), {})
    return { code: file.slice(0, -4), count: rows.length, examples: rows.slice(0, 5).map((row) => String(row['example'])) }
  }))
  return found.filter(({ count }) => count > 0)
}
