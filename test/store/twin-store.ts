import { mkdtempSync } from 'node:fs'
import { cp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { writeTwin } from '../../src/ingest/synthetic/index.ts'
import { temporaryFolder } from './folder.ts'

/** Ingests two clips of Penn Action's twin (1037 and 1149) with their pictures once; answers with a function that gives a test a store of its own. */
export function twinStore(): () => Promise<{ storeDir: string; folder: string; fileOf: (table: string) => Promise<string> }> {
  const made = mkdtempSync(join(tmpdir(), 'posetta-'))
  beforeAll(async () => {
    const entry = entryOf(await readCatalog(), 'penn-action')
    await writeTwin(entry, join(made, 'raw'), { clips: 2, seed: 1, frames: true })
    await ingest({ entry, rawDir: join(made, 'raw'), storeDir: join(made, 'store'), jobs: 1, frames: 'embed' })
  })
  afterAll(() => rm(made, { recursive: true }))
  return async () => {
    const storeDir = await temporaryFolder()
    await cp(join(made, 'store'), storeDir, { recursive: true })
    return { storeDir, folder: join(storeDir, 'penn-action'), fileOf: fileIn(join(storeDir, 'penn-action/shards')) }
  }
}

/** Finds the file of a table, `frames-two` that of a layout, by how its name begins. */
export function fileIn(folder: string): (table: string) => Promise<string> {
  return async (table) => join(folder, (await readdir(folder)).sort().find((name) => name.startsWith(`${table}-`))!)
}
