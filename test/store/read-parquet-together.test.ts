import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withDuck } from '../../src/store/duckdb.ts'
import { readRows } from '../../src/store/read-parquet.ts'
import { temporaryFolder } from './folder.ts'

test('scans of one DuckDB side by side, and beside writing, each give all of their rows', async () => {
  const folder = await temporaryFolder()
  const files = [0, 1, 2].map((file) => join(folder, `${file}.parquet`))
  await withDuck(async (duck) => {
    for (const file of files) await duck.run(`COPY (SELECT i::INTEGER AS i FROM range(20000) t(i)) TO '${file}' (FORMAT parquet)`)
    for (let round = 0; round < 5; round++) {
      const scans = files.map((file) => readRows(duck, { files: [file] }, [{ name: 'i', type: 'integer' }]))
      await duck.run(`COPY (SELECT i FROM range(20000) t(i)) TO '${join(folder, 'other.parquet')}' (FORMAT parquet)`)
      expect((await Promise.all(scans)).map((rows) => rows.length)).toEqual([20000, 20000, 20000])
    }
  })
})
