import type { DuckDBConnection } from '@duckdb/node-api'
import { resolve } from 'node:path'
import { datasetFolder, type FileRef, type Manifest, trustFiles, trustSplits } from '../store/index.ts'
import { type Touched, touchedBy } from './touched.ts'
import { tablesOfView } from './views.ts'

/** What a session reads: the manifests behind its views, and the texts of whatever else was made beside them. */
export type Watched = {
  readonly storeDir: string
  readonly manifests: readonly Manifest[]
  /** Macros and further views by name. */
  readonly definitions?: ReadonlyMap<string, string>
}

const watched = new WeakMap<DuckDBConnection, Watched>()

/** From now on `trustScans` knows what lies behind the names of a connection. */
export function watchScans(connection: DuckDBConnection, what: Watched): void {
  watched.set(connection, what)
}

/**
 * Makes sure, before a statement runs, that the files of the store it reads are as they were written: each is hashed at its first use in this process.
 * Throws E_FILE_CHANGED, E_FILE_MISSING or E_FILE_UNREADABLE with the clips that lean on it, E_SPLIT_DAMAGED.
 */
export async function trustScans(connection: DuckDBConnection, sql: string): Promise<void> {
  const what = watched.get(connection)
  if (what === undefined) throw new Error('a connection that no session has opened')
  const touched = await touchedBy(connection, sql)
  const paths = await filesOf(connection, touched.paths)
  const tables = tablesOf(touched, what.definitions ?? new Map())
  const isRead = ({ table }: FileRef, path: string): boolean =>
    touched.anyFile || tables.has(table) || paths.has(path) || (touched.allViews && table !== 'pictures')
  await trustTables(what, isRead, touched.anyFile || touched.allViews || tables.has('splits') || paths.size > 0)
}

/** The same for every table there is, but for the pictures. */
export function trustAll(what: Watched): Promise<void> {
  return trustTables(what, ({ table }) => table !== 'pictures', true)
}

async function trustTables({ storeDir, manifests }: Watched, isRead: (ref: FileRef, path: string) => boolean, withSplits: boolean): Promise<void> {
  for (const manifest of manifests) {
    const folder = datasetFolder(storeDir, manifest.dataset)
    const quarantine = manifest.quarantineFile === null ? [] : [{ shard: 'all', root: manifest.root, clips: 0, films: 0, files: [manifest.quarantineFile] }]
    await trustFiles(folder, [...manifest.shards, ...quarantine], (ref) => isRead(ref, resolve(folder, 'shards', ref.file)))
    if (withSplits) await trustSplits(storeDir, manifest.dataset)
  }
}

/** Tables behind the names; of macros and views made beside ours, those whose names occur in their texts. */
function tablesOf({ names }: Touched, definitions: ReadonlyMap<string, string>): Set<string> {
  const tables = new Set<string>()
  const seen = new Set<string>()
  const add = (name: string): void => {
    if (seen.has(name)) return
    seen.add(name)
    for (const table of tablesOfView(name)) tables.add(table)
    for (const word of definitions.get(name)?.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []) add(word)
  }
  for (const name of names) add(name)
  return tables
}

/** Paths and patterns as DuckDB resolves them. */
async function filesOf(connection: DuckDBConnection, patterns: readonly string[]): Promise<Set<string>> {
  const files = new Set(patterns.map((path) => resolve(path)))
  for (const pattern of patterns) {
    // a pattern that points out of the store is refused when the statement itself runs
    const found = await connection.runAndReadAll('SELECT file FROM glob($pattern) ORDER BY file', { pattern }).catch(() => null)
    for (const [file] of found?.getRowsJS() ?? []) files.add(resolve(String(file)))
  }
  return files
}
