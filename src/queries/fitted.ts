import type { DuckDBConnection } from '@duckdb/node-api'
import { readSplit } from '../store/index.ts'

/**
 * Makes `fitted` (fit, clip_id) a table of the session: the train sides of splits that something (a run, a normalisation, a codebook) was fitted on before.
 * Throws what `readSplit` throws.
 */
export async function openFitted(connection: DuckDBConnection, { storeDir, dataset, splits }: { storeDir: string; dataset: string; splits: readonly string[] }): Promise<void> {
  await connection.run('CREATE TABLE fitted (fit VARCHAR, clip_id VARCHAR)')
  const appender = await connection.createAppender('fitted')
  for (const name of splits) {
    for (const id of (await readSplit(storeDir, dataset, name)).sides.train ?? []) {
      appender.appendVarchar(`what was fitted on the train side of "${name}"`)
      appender.appendVarchar(id)
      appender.endRow()
    }
  }
  appender.closeSync()
}
