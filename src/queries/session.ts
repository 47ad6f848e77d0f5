import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { ToolkitError } from '../errors.ts'
import { bucketMacro } from './bucket.ts'
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
}

/** A DuckDB over a store and its runs that can read those two folders and nothing else: no network, no other file, no extension, no change of settings. */
export async function withSession<T>({ storeDir, runsDir, catalogFiles = [], at = [], outputFile }: QueryPlace, use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' })
  const connection = await instance.connect()
  try {
    const stored = await storedDatasets(storeDir, catalogFiles, at)
    const watched = { storeDir, manifests: stored.map(({ manifest }) => manifest) }
    for (const statement of viewStatements(storeDir, runsDir, stored)) await connection.run(statement).catch((error: unknown) => unreadable(error, watched))
    await connection.run(bucketMacro)
    watchScans(connection, watched)
    await confine(connection, [storeDir, runsDir], outputFile)
    return await use(connection)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** A view binds to its files: one that is damaged is found here. Those of the store are known by their hashes, those of runs DuckDB names. */
async function unreadable(cause: unknown, watched: Watched): Promise<never> {
  await trustAll(watched)
  const message = cause instanceof Error ? cause.message.split('\n')[0]! : String(cause)
  throw new ToolkitError('E_TABLE', `a file of the store or of a run cannot be read: ${message}`, { hint: 'posetta verify finds damage in the store; posetta runs --remove RUN removes a run', cause })
}

async function confine(connection: DuckDBConnection, folders: readonly string[], outputFile: string | undefined): Promise<void> {
  const quoted = (path: string): string => `'${resolve(path).replaceAll("'", "''")}'`
  await connection.run(`SET allowed_directories = [${folders.map((folder) => `${quoted(folder).slice(0, -1)}/'`).join(', ')}]`)
  if (outputFile !== undefined) {
    mkdirSync(resolve(outputFile, '..'), { recursive: true })
    await connection.run(`SET allowed_paths = [${quoted(outputFile)}]`)
  }
  await connection.run('SET enable_external_access = false')
  await connection.run('SET lock_configuration = true')
}
