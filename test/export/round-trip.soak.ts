import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../src/catalog.ts'
import { exportDataset } from '../../src/export/index.ts'
import { ingest, ingestExit } from '../../src/ingest/ingest.ts'
import { writeTwin } from '../../src/ingest/synthetic/index.ts'
import { exportKinds } from '../../src/store/export-files.ts'
import { readClips, readManifest } from '../../src/store/index.ts'
import { realPenn } from '../shared.ts'
import { makeClip, spatial } from '../store/clips.ts'
import { temporaryFolder } from '../store/folder.ts'
import { exported, tinyEntry, tinyStore } from './tiny.ts'

// An ingest of an export holds every clip it makes against the hash that was exported; here its root is held against that of the store it came from, which is the
// Merkle root over the hashes of all clips, of the films' pictures, and of what was set aside.
describe.each([['penn-action', 12, false], ['ikea-asm', 2, true], ['h2o', 2, true]] as const)('a twin of %s with its flaws comes back hash by hash', (name, clips, frames) => {
  const folder = mkdtempSync(join(tmpdir(), 'posetta-export-'))
  const storeDir = join(folder, 'store')
  let entry: DatasetEntry
  let root: string
  afterAll(() => rm(folder, { recursive: true }))
  beforeAll(async () => {
    entry = entryOf(await readCatalog(), name)
    await writeTwin(entry, join(folder, 'raw'), { clips, seed: 3, frames, flaws: true })
    const { root: found } = await ingest({ entry, rawDir: join(folder, 'raw'), storeDir, jobs: 1 })
    root = found!
  })

  test.each(exportKinds)('as %s', async (kind) => {
    const outputDir = join(folder, kind)
    const { clips, clipsRoot, leftOut } = await exportDataset({ storeDir, entry, kind, outputDir, version: '0.0.0' })
    const back = await ingest({ entry, rawDir: outputDir, storeDir: join(folder, `${kind}-store`), jobs: 1 })
    expect(back.quarantined).toEqual((await readManifest(storeDir, name)).quarantine.map(({ source, code, message, readmit }) => ({ source, code, message, readmit })))
    expect([back.clips, back.missing]).toEqual([clips, leftOut.map(({ count, message }) => `${count} clips: ${message}`)])
    const kept = new Set((await readClips(join(folder, `${kind}-store`), name)).map(({ id }) => id))
    const { clips: all } = (await readManifest(storeDir, name)).counts
    expect(kept.size + leftOut.reduce((sum, { count }) => sum + count, 0)).toBe(all)
    expect(leftOut.length > 0 || back.root === root).toBe(true)
    expect(clipsRoot).toMatch(/^[0-9a-f]{64}$/)
  })
})

test('embedded frames come back byte by byte in WebDataset', async () => {
  const [rawDir, storeDir, outputDir, back] = await Promise.all([1, 2, 3, 4].map(() => temporaryFolder()))
  const found = entryOf(await readCatalog(), 'h2o')
  const entry = { ...found, redistribution: { annotations: true, frames: true } }
  await writeTwin(found, rawDir!, { clips: 1, seed: 5, frames: true })
  const { root } = await ingest({ entry: found, rawDir: rawDir!, storeDir: storeDir!, jobs: 1, frames: 'embed' })
  const { pictures } = await exportDataset({ storeDir: storeDir!, entry, kind: 'webdataset', outputDir: outputDir!, version: '0.0.0' })
  expect(pictures).toBe(true)
  expect((await ingest({ entry: found, rawDir: outputDir!, storeDir: back!, jobs: 1, frames: 'embed' })).root).toBe(root)
})

test('clips that any data set may have come back: three dimensions, signals, cameras, labels only, names of all kinds', async () => {
  const entry = await tinyEntry()
  const labels = makeClip('tiny/only labels', { skeleton: null, joints: 0, keypoints: null, states: null, raw: null, boxes: null })
  const clips = [makeClip('tiny/a'), makeClip('tiny/50%/b.c#one'), makeClip('tiny/50%/b.c#two', { persons: 3, frames: 5 }), spatial('tiny/été'), labels, makeClip('tiny/nobody', { persons: 0 })]
  const storeDir = await tinyStore(clips)
  for (const kind of ['webdataset', 'hf'] as const) {
    const { outputDir } = await exported({ storeDir, kind, entry })
    const back = await temporaryFolder()
    const { root } = await ingest({ entry, rawDir: outputDir, storeDir: back, jobs: 1 })
    expect(root).toBe((await readManifest(storeDir, 'tiny')).root)
  }
})

test('of a split its clips come back; twice is the same', async () => {
  const clips = Array.from({ length: 600 }, (_, at) => makeClip(`tiny/${at}`, { frames: 2 }))
  const storeDir = await tinyStore(clips, { train: clips.slice(0, 300).map(({ id }) => id), test: clips.slice(300, 400).map(({ id }) => id) })
  const entry = await tinyEntry()
  const { outputDir, clipsRoot } = await exported({ storeDir, kind: 'hf', split: 'half', entry })
  const back = await temporaryFolder()
  const first = await ingest({ entry, rawDir: outputDir, storeDir: back, jobs: 1 })
  expect([first.clips, first.root]).toEqual([400, clipsRoot])
  expect(await ingest({ entry, rawDir: outputDir, storeDir: back, jobs: 1 })).toMatchObject({ root: clipsRoot, read: 0 })
})

// the other formats: test/soak/exports.soak.ts
test.skipIf(realPenn === null)('the real labels of Penn Action come back to the same root', async () => {
  const [storeDir, outputDir, back] = await Promise.all([1, 2, 3].map(() => temporaryFolder()))
  const entry = entryOf(await readCatalog(), 'penn-action')
  const { root } = await ingest({ entry, rawDir: realPenn!, storeDir: storeDir!, jobs: 1 })
  const { clips, clipsRoot, leftOut } = await exportDataset({ storeDir: storeDir!, entry, kind: 'pyskl', outputDir: outputDir!, version: '0.0.0' })
  const result = await ingest({ entry, rawDir: outputDir!, storeDir: back!, jobs: 1 })
  // complete, so that the published counts are held against it
  expect([clips, leftOut, clipsRoot, result.root, result.complete, ingestExit(result)]).toEqual([2326, [], root, root, true, 0])
})
