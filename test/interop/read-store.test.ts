import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
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
  if (!existsSync(rawDir)) await writeTwin(entry, rawDir, { clips: 2, seed: 3, frames: dataset === 'penn-action', flaws: dataset === 'ikea-asm' })
  await ingest({ entry, rawDir, storeDir, jobs: 1, ...change })
  return storeDir
}

const engines = ['pyarrow', 'pandas', 'polars', 'duckdb'].map((engine) => [engine, pythonWith('numpy', engine)] as const)

describe('from the written format alone, in another language, the same clips are read and hashed to the same root', () => {
  const cases: [string, Partial<IngestOptions>][] = [['penn-action', {}], ['penn-action', { precision: 'int16', frames: 'embed' }], ['ikea-asm', {}], ['h2o', {}]]
  let stores: { readonly dataset: string; readonly storeDir: string }[]
  beforeAll(async () => {
    stores = []
    if (engines.some(([, python]) => python !== null)) for (const [dataset, change] of cases) stores.push({ dataset, storeDir: await store(dataset, change) })
  })

  for (const [engine, python] of engines) test.skipIf(python === null)(`by ${engine}, of twins of three data sets (POSETTA_PYTHON names the interpreter)`, async () => {
    const { status, stdout, stderr } = spawnSync(python!, [script, engine, ...stores.map(({ dataset, storeDir }) => join(storeDir, dataset))], { encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
    const expected = await Promise.all(stores.map(async ({ dataset, storeDir }) => {
      const { root, counts, quarantine } = await readManifest(storeDir, dataset)
      return { root, clips: counts.clips, frames: counts.frames, quarantined: quarantine.length }
    }))
    expect(stdout.trim().split('\n').map((line) => JSON.parse(line) as object)).toMatchObject(expected)
  })
})
