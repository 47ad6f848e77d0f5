import type { DuckDBConnection } from '@duckdb/node-api'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { literal } from '../store/duckdb.ts'
import { DuckDBInstance, DuckDBTimestampTZValue } from './duckdb-api.ts'
import { asPattern } from './file-lists.ts'
import { memoryError } from './memory-error.ts'

const GIGABYTE = 2 ** 30

// moments with a zone are told in UTC, as sessions have it: an answer depends on no machine's clock
DuckDBTimestampTZValue.timezoneOffsetInMinutes = 0

/** What DuckDB takes at most where nobody says otherwise: 2 GiB, or 60 % of the machine's memory (of the container's, where it has a limit) if that is less. */
export function defaultMemory(): number {
  const machine = Math.min(totalmem(), process.constrainedMemory() || Infinity)
  return Math.min(2 * GIGABYTE, Math.floor(0.6 * machine))
}

/** Opens a DuckDB that takes so many bytes of memory at most, lets `use` work with it, and takes it away together with the folder of its own that it may have spilled into. Throws E_SQL_MEMORY also where it cannot even begin. */
export async function withDatabase<T>(memoryBytes: number, use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const spill = mkdtempSync(join(tmpdir(), 'posetta-sql-'))
  try {
    const instance = await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false', autoload_known_extensions: 'false', memory_limit: `${Math.floor(memoryBytes / 1024)}KiB`, temp_directory: join(spill, 'duckdb') })
    const connection = await instance.connect()
    try {
      await connection.run("SET TimeZone = 'UTC'")
      return await use(connection)
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  } catch (error) {
    throw memoryError(error) ?? error
  } finally {
    rmSync(spill, { recursive: true, force: true })
  }
}

/** From now on statements read files of those folders alone and write `outputFile` alone: no network, no other file, no extension, no change of settings. */
export async function confine(connection: DuckDBConnection, folders: readonly string[], outputFile: string | undefined): Promise<void> {
  // patterns are held against them as well as the files they find
  const allowed = folders.flatMap((folder) => [...new Set([resolve(folder), asPattern(folder)])])
  await connection.run(`SET allowed_directories = [${allowed.map((folder) => literal(`${folder}/`)).join(', ')}]`)
  if (outputFile !== undefined) {
    mkdirSync(resolve(outputFile, '..'), { recursive: true })
    await connection.run(`SET allowed_paths = [${literal(resolve(outputFile))}]`)
  }
  await connection.run('SET errors_as_json = true')
  await connection.run('SET enable_external_access = false')
  await connection.run('SET lock_configuration = true')
}
