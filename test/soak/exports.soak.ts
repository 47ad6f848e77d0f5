import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../src/catalog.ts'
import { exportDataset } from '../../src/export/index.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { exportKinds, REST_FOLDER } from '../../src/store/export-files.ts'
import { realPenn } from '../shared.ts'

describe.skipIf(realPenn === null)('the real labels of Penn Action come back to the same root and commit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'posetta-exports-'))
  const storeDir = join(folder, 'store')
  let entry: DatasetEntry
  let made: Awaited<ReturnType<typeof ingest>>
  beforeAll(async () => {
    entry = entryOf(await readCatalog(), 'penn-action')
    made = await ingest({ entry, rawDir: realPenn!, storeDir, jobs: 1 })
  })
  afterAll(() => rm(folder, { recursive: true }))

  test.each(exportKinds)('as %s', async (kind) => {
    const { clips, leftOut, files } = await exportDataset({ storeDir, entry, kind, outputDir: join(folder, kind), version: '0.0.0' })
    const bytes = (rest: boolean): number => files.filter(({ file }) => file.startsWith(`${REST_FOLDER}/`) === rest).reduce((sum, { bytes }) => sum + bytes, 0)
    process.stdout.write(`${kind}: ${(bytes(false) / 1e6).toFixed(1)} MB, and ${(bytes(true) / 1e6).toFixed(2)} MB of what it has no room for\n`)
    const back = await ingest({ entry, rawDir: join(folder, kind), storeDir: join(folder, `${kind}-store`), jobs: 1 })
    expect([clips, leftOut, back.root, back.commit]).toEqual([2326, [], made.root, made.commit])
  })
})
