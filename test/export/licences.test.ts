import { mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../src/catalog.ts'
import { exportDataset } from '../../src/export/index.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { writeTwin } from '../../src/ingest/synthetic/index.ts'
import { parseExportManifest } from '../../src/store/export-manifest.ts'

const folder = mkdtempSync(join(tmpdir(), 'posetta-licence-'))
const storeDir = join(folder, 'store')
let entry: DatasetEntry
beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'h2o')
  await writeTwin(entry, join(folder, 'raw'), { clips: 1, seed: 3, frames: true })
  await ingest({ entry, rawDir: join(folder, 'raw'), storeDir, jobs: 1, frames: 'embed' })
})
afterAll(() => rm(folder, { recursive: true }))

test('frames that may not be passed on are not exported, and the reason is said', async () => {
  await expect(exportDataset({ storeDir, entry, kind: 'webdataset', outputDir: join(folder, 'frames'), version: '0.0.0' })).rejects.toMatchObject({
    code: 'E_EXPORT_LICENCE',
    message: 'the store has the frames of h2o, and they may not be passed on: its licence is "the authors\' terms of use, which forbid redistribution; academic use after registration"',
    hint: '--no-frames exports joints and labels; your own frames go along where your catalog says redistribution: { annotations: true, frames: true }',
  })
})

test.each([['webdataset', { frames: false }], ['hf', {}], ['pyskl', {}]] as const)('joints and labels alone are, as %s, and the manifest says that they are not to be passed on', async (kind, options) => {
  const outputDir = join(folder, kind)
  const { pictures, files } = await exportDataset({ storeDir, entry, kind, outputDir, version: '0.0.0', ...options })
  const { redistribution } = parseExportManifest(readFileSync(join(outputDir, 'posetta-export.json'), 'utf8'), 'it')
  expect([pictures, redistribution]).toEqual([false, { annotations: false, frames: false }])
  // not one JPEG in any file: FF D8 FF, and the name of its first segment
  const jpegs = files.filter(({ file }) => /\xff\xd8\xff[\xe0\xdb]/.test(readFileSync(join(outputDir, file)).toString('latin1')))
  expect(jpegs).toEqual([])
})

test('frames of one\'s own go along', async () => {
  const own = { ...entry, redistribution: { annotations: true, frames: true } }
  const { pictures } = await exportDataset({ storeDir, entry: own, kind: 'webdataset', outputDir: join(folder, 'own'), version: '0.0.0' })
  expect([pictures, readFileSync(join(folder, 'own', 'clips-000000.tar')).includes(Buffer.from([0xff, 0xd8, 0xff]))]).toEqual([true, true])
})
