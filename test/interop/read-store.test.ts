import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { ingest, type IngestOptions } from '../../src/ingest/ingest.ts'
import { writeTwin } from '../../src/ingest/synthetic/write-twin.ts'
import { readManifest } from '../../src/store/manifest.ts'
import { pythonWith } from '../python.ts'

const script = fileURLToPath(new URL('read_store.py', import.meta.url))
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posetta-interop-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function store(dataset: string, change: Partial<IngestOptions> = {}): Promise<string> {
  const [rawDir, storeDir] = [join(folder, `${dataset}-raw`), join(folder, `${dataset}-${change.precision ?? 'float32'}`)]
  const entry = entryOf(await readCatalog(), dataset)
  await writeTwin(entry, rawDir, { clips: 2, seed: 3, frames: dataset === 'penn-action', flaws: dataset === 'ikea-asm' })
  await ingest({ entry, rawDir, storeDir, jobs: 1, ...change })
  return storeDir
}

const engines = ['pyarrow', 'pandas', 'polars', 'duckdb'] as const

describe('from the written format alone, in another language, the same clips are read and hashed to the same root', () => {
  const made = new Map<string, Promise<string>>()
  const cases: [string, Partial<IngestOptions>][] = [['penn-action', {}], ['penn-action', { precision: 'int16', frames: 'embed' }], ['ikea-asm', {}], ['h2o', {}]]
  describe.each(engines)('by %s', (engine) => {
    const python = pythonWith('numpy', engine)
    test.skipIf(python === null).each(cases)('of a twin of %s %j (POSETTA_PYTHON names the interpreter)', async (dataset, change) => {
      const key = JSON.stringify([dataset, change])
      if (!made.has(key)) made.set(key, store(dataset, change))
      const storeDir = await made.get(key)!
      const { status, stdout, stderr } = spawnSync(python!, [script, join(storeDir, dataset), engine], { encoding: 'utf8' })
      expect([status, stderr]).toEqual([0, ''])
      const { root, counts, quarantine } = await readManifest(storeDir, dataset)
      expect(JSON.parse(stdout)).toMatchObject({ root, clips: counts.clips, frames: counts.frames, quarantined: quarantine.length })
    })
  })
})
