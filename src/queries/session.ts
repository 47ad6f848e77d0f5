import type { DuckDBConnection } from '@duckdb/node-api'
import { ToolkitError } from '../errors.ts'
import { literal } from '../store/duckdb.ts'
import { bucketMacro } from './bucket.ts'
import { FileLists } from './file-lists.ts'
import { frameParts, type Stored } from './frame-parts.ts'
import { macroStatements } from './macros.ts'
import { confine, defaultMemory, withDatabase } from './sandbox.ts'
import { storedDatasets } from './stored-datasets.ts'
import { trustAll, watchScans, type Watched } from './trusted-scan.ts'
import { viewStatements } from './views.ts'

export type QueryPlace = {
  readonly storeDir: string
  readonly runsDir: string
  readonly catalogFiles?: readonly string[]
  /** Versions to read in place of the newest: a version of every data set that has it, or `dataset@version`. */
  readonly at?: readonly string[]
  /** The only file a statement of ours may write. */
  readonly outputFile?: string
  /** What DuckDB takes at most, in bytes; more is spilled into a folder of its own. 2 GiB, or 60 % of the machine's when it is not given. */
  readonly memoryBytes?: number
}

/** A DuckDB over a store and its runs that can read those two folders and nothing else: no network, no other file, no extension, no change of settings. */
export async function withSession<T>(place: QueryPlace, use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const stored = storedDatasets(place.storeDir, place.catalogFiles ?? [], place.at ?? [])
  // whatever it throws is thrown where it is awaited
  stored.catch(() => {})
  return withDatabase(place.memoryBytes ?? defaultMemory(), async (connection) => {
    await openTables(connection, place, await stored)
    await confine(connection, [place.storeDir, place.runsDir], place.outputFile)
    return use(connection)
  })
}

/** The tables and macros of docs/sql.md, and the names of all joints for those who check them. */
async function openTables(connection: DuckDBConnection, { storeDir, runsDir }: QueryPlace, stored: readonly Stored[]): Promise<void> {
  const lists = new FileLists()
  const parts = frameParts(storeDir, stored, lists)
  const views = viewStatements({ storeDir, runsDir, stored, parts, lists })
  const macros = await macroStatements(parts)
  const watched = { storeDir, manifests: stored.map(({ manifest }) => manifest), definitions: macros }
  const joints = [...new Set(parts.flatMap(({ layout }) => layout.joints))].sort()
  await connection.run(`SET VARIABLE joints = CAST([${joints.map(literal).join(', ')}] AS VARCHAR[])`)
  // joints are as many scans of one list of files
  await connection.run('SET parquet_metadata_cache = true')
  try {
    await lists.openFirst(connection)
    for (const statement of [...views, ...macros.values()]) await connection.run(statement)
  } catch (error) {
    await unreadable(error, watched)
  }
  await lists.openAll(connection)
  await connection.run(bucketMacro)
  watchScans(connection, watched)
}

/** A view binds to its files: one that is damaged is found here. Those of the store are known by their hashes, those of runs DuckDB names. */
async function unreadable(cause: unknown, watched: Watched): Promise<never> {
  await trustAll(watched)
  const message = cause instanceof Error ? cause.message.split('\n')[0]! : String(cause)
  throw new ToolkitError('E_TABLE', `a file of the store or of a run cannot be read: ${message}`, { hint: 'posetta verify finds damage in the store; posetta runs --remove RUN removes a run', cause })
}
