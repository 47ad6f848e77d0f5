import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../src/catalog.ts'
import { pennAction } from '../../src/ingest/adapters/penn-action/penn-action.ts'
import { ingest, ingestExit, type IngestResult } from '../../src/ingest/ingest.ts'
import { listDatasets, readClips, readManifest, verify } from '../../src/store/index.ts'
import { contextOf, readOneClip } from './read-film.ts'
import { realPenn } from '../shared.ts'
import { hashTree, temporaryFolder } from '../store/folder.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
const hasDist = existsSync(join(project, 'dist/ingest/read-item.js'))

describe.skipIf(realPenn === null)('the complete labels of Penn Action', () => {
  let entry: DatasetEntry
  let storeDir: string
  let result: IngestResult
  beforeAll(async () => {
    entry = entryOf(await readCatalog(), 'penn-action')
    storeDir = await mkdtemp(join(tmpdir(), 'posetta-penn-'))
    result = await ingest({ entry, rawDir: realPenn!, storeDir, jobs: 1 })
  })
  afterAll(() => rm(storeDir, { recursive: true }))

  test('are all there, and the published counts agree', () => {
    expect(result).toMatchObject({ clips: 2326, frames: 163841, complete: true, quarantined: [], shards: 16 })
    expect(result.checks).toEqual([
      { name: 'recordings', expected: 2326, found: 2326, ok: true }, { name: 'frames', expected: 163841, found: 163841, ok: true },
      { name: 'train', expected: 1258, found: 1258, ok: true }, { name: 'test', expected: 1068, found: 1068, ok: true },
    ])
    expect(ingestExit(result)).toBe(0)
  })

  test('come back from the store bit for bit', async () => {
    const ids = ['0001', '0038', '0743', '0979', '1154', '1516', '1605', '1833', '1865', '2326'].map((video) => `penn-action/${video}`)
    const { items } = await pennAction.discover(contextOf(entry, realPenn!))
    const read = await Promise.all(items.filter(({ id }) => ids.includes(id)).map((item) => readOneClip(pennAction, contextOf(entry, realPenn!), item)))
    expect(await readClips(storeDir, 'penn-action', ids, { raw: true })).toEqual(read)
  })

  test('pass a deep verification', async () => {
    expect((await verify(storeDir, 'penn-action', { deep: true })).problems).toEqual([])
    expect(await listDatasets(storeDir)).toEqual(['penn-action'])
  })

  test.skipIf(!hasDist)('make the same bytes with one, two and three threads', async () => {
    const tree = await hashTree(storeDir)
    for (const jobs of [2, 3]) {
      const other = await temporaryFolder()
      ingestCompiled(other, jobs)
      expect(await hashTree(other)).toEqual(tree)
    }
  })

  test('some of them are a part: nothing is asserted', async () => {
    const other = await temporaryFolder()
    expect(await ingest({ entry, rawDir: realPenn!, storeDir: other, jobs: 1, limit: 5 })).toMatchObject({ clips: 5, complete: false, checks: [] })
    expect((await readManifest(other, 'penn-action')).complete).toBe(false)
  })
})

/** The compiled command in a process of its own: threads cannot run TypeScript. */
function ingestCompiled(storeDir: string, jobs: number): void {
  const args = ['ingest', 'penn-action', realPenn!, '--store', storeDir, '--jobs', String(jobs), '--json']
  execFileSync(process.execPath, [join(project, 'bin/run.js'), ...args], { stdio: 'pipe' })
}
