import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../src/catalog.ts'
import { ingest, type IngestOptions, type IngestResult } from '../../src/ingest/ingest.ts'
import { openRawFolder, type RawCalls } from '../../src/ingest/raw-folder.ts'
import { writeTwin } from '../../src/ingest/synthetic/write-twin.ts'
import { readClips, readManifest, verify } from '../../src/store/index.ts'
import { hashNewest, hashTree, temporaryFolder } from '../store/folder.ts'

let entry: DatasetEntry
let folder: string
beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'penn-action')
  folder = await mkdtemp(join(tmpdir(), 'posetta-incremental-'))
  await writeTwin(entry, join(folder, 'twin'), { clips: 5, seed: 6, frames: false })
})
afterAll(() => rm(folder, { recursive: true }))

/** 300 label files in two shards, copies of five; and an ingest that says which files it has read. */
async function setUp(count = 300): Promise<{ rawDir: string; storeDir: string; path: (at: number) => string; run: (change?: Partial<IngestOptions>) => Promise<IngestResult & { opened: string[] }> }> {
  const place = await temporaryFolder()
  const [rawDir, storeDir] = [join(place, 'raw'), join(place, 'store')]
  const labels = readdirSync(join(folder, 'twin/labels')).map((name) => readFileSync(join(folder, 'twin/labels', name)))
  mkdirSync(join(rawDir, 'labels'), { recursive: true })
  const path = (at: number): string => join(rawDir, 'labels', `${String(at).padStart(4, '0')}.mat`)
  for (let at = 1; at <= count; at++) writeFileSync(path(at), labels[at % labels.length]!)
  const run = async (change: Partial<IngestOptions> = {}): Promise<IngestResult & { opened: string[] }> => {
    const opened: string[] = []
    const calls: RawCalls = {
      stat: (file) => statSync(file), list: (path) => readdirSync(path, { withFileTypes: true }), read: (file, check) => {
        opened.push(file)
        check(statSync(file))
        return readFileSync(file)
      } }
    return { ...await ingest({ entry, rawDir, storeDir, jobs: 1, raw: openRawFolder(rawDir, calls), ...change }), opened }
  }
  return { rawDir, storeDir, path, run }
}

const shardOf = (tree: Record<string, string>): string[] => Object.keys(tree).filter((file) => file.includes('/shards/'))

test('what has not changed is not read again', async () => {
  const { storeDir, run } = await setUp()
  expect((await run()).read).toBe(300)
  const tree = await hashTree(storeDir)
  expect(await run()).toMatchObject({ opened: [], read: 0, clips: 300, shards: 2 })
  expect(await hashTree(storeDir)).toEqual(tree)
})

test('a changed file is read, alone, and rewrites its own shard; the store is that of a fresh ingest', async () => {
  const { rawDir, storeDir, path, run } = await setUp()
  await run()
  const before = shardOf(await hashTree(storeDir))
  writeFileSync(path(7), readFileSync(path(8)))
  expect((await run()).opened).toEqual([path(7)])
  const after = await hashTree(storeDir)
  // of the two shards' tables of clips, files and frames, one shard's three are new
  expect(shardOf(after).filter((file) => !before.includes(file))).toHaveLength(3)
  const fresh = await temporaryFolder()
  await ingest({ entry, rawDir, storeDir: fresh, jobs: 1 })
  expect(await hashNewest(storeDir, 'penn-action')).toEqual(await hashNewest(fresh, 'penn-action'))
})

test('a file that was only touched is read again and changes no shard', async () => {
  const { storeDir, path, run } = await setUp()
  await run()
  const before = shardOf(await hashTree(storeDir))
  utimesSync(path(9), 1, 1)
  expect((await run()).opened).toEqual([path(9)])
  expect(shardOf(await hashTree(storeDir))).toEqual(before)
})

test('an added file is read, a removed one goes, also when the number of shards changes', async () => {
  const { storeDir, path, run } = await setUp(256)
  expect((await run()).shards).toBe(1)
  writeFileSync(path(257), readFileSync(path(8)))
  expect(await run()).toMatchObject({ opened: [path(257)], shards: 2, clips: 257 })
  rmSync(path(1))
  expect(await run()).toMatchObject({ opened: [], shards: 1, clips: 256 })
  expect((await readClips(storeDir, 'penn-action')).map(({ id }) => id)).not.toContain('penn-action/0001')
  expect((await verify(storeDir, 'penn-action', { deep: true })).problems).toEqual([])
})

test('a file that was set aside is not tried again until it changes', async () => {
  const { path, run } = await setUp(10)
  const [good, bad] = [readFileSync(path(3)), readFileSync(path(3)).subarray(0, 300)]
  writeFileSync(path(3), bad)
  expect((await run()).quarantined).toMatchObject([{ source: 'labels/0003.mat' }])
  expect(await run()).toMatchObject({ opened: [], quarantined: [{ source: 'labels/0003.mat' }] })
  writeFileSync(path(3), good)
  expect(await run()).toMatchObject({ opened: [path(3)], quarantined: [], clips: 10 })
})

test('another option is another reading', async () => {
  const { run } = await setUp(10)
  await run()
  expect((await run({ fps: 30 })).read).toBe(10)
})

test('a shard that was damaged is made anew', async () => {
  const { storeDir, run } = await setUp()
  await run()
  const tree = await hashTree(storeDir)
  const file = Object.keys(tree).find((name) => name.includes('/shards/frames-'))!
  writeFileSync(join(storeDir, file), 'PAR1')
  const { read } = await run()
  expect([read > 100, read < 200]).toEqual([true, true])
  expect(await hashTree(storeDir)).toEqual(tree)
})

test('an interrupted ingest goes on with the shards that are not done', async () => {
  const { storeDir, run } = await setUp()
  const controller = new AbortController()
  await expect(run({ signal: controller.signal, onProgress: ({ done }) => done === 290 && controller.abort(new Error('Ctrl-C')) })).rejects.toThrow('Ctrl-C')
  const { read, clips } = await run()
  expect([read > 0 && read < 200, clips]).toEqual([true, 300])
  const tree = await hashTree(storeDir)
  await rm(storeDir, { recursive: true })
  await run()
  expect(await hashTree(storeDir)).toEqual(tree)
})

test('parts, in any order and beside one another, and a last step make the bytes of one run', async () => {
  const { storeDir, run } = await setUp()
  await run()
  const tree = await hashTree(storeDir)
  await rm(storeDir, { recursive: true })
  const parts = await Promise.all([3, 1, 2].map((index) => run({ part: { index, of: 3 } })))
  expect(parts.reduce((sum, { clips }) => sum + clips, 0)).toBe(300)
  expect(parts.every(({ root }) => root === null)).toBe(true)
  await expect(readClips(storeDir, 'penn-action')).rejects.toMatchObject({ code: 'E_NOT_INGESTED' })
  expect(await run()).toMatchObject({ opened: [], read: 0, clips: 300 })
  expect(await hashTree(storeDir)).toEqual(tree)
})

test('shards that are put together and taken apart again keep every row', async () => {
  const { storeDir, run } = await setUp(600)
  await run()
  const data = (tree: Record<string, string>): [string, string][] => Object.entries(tree).filter(([file]) => file.includes('/shards/'))
  const all = data(await hashNewest(storeDir, 'penn-action'))
  for (let round = 0; round < 3; round++) {
    await run({ limit: 300 })
    expect(await run()).toMatchObject({ clips: 600 })
    expect(data(await hashNewest(storeDir, 'penn-action'))).toEqual(all)
  }
})

test('a shard is kept by its own receipt, not by that of another one', async () => {
  const { storeDir, path, run } = await setUp()
  await run()
  writeFileSync(path(7), readFileSync(path(8)))
  // fewer films make one shard, whose receipt knows the change; nothing is committed
  await run({ limit: 250, part: { index: 1, of: 1 } })
  expect(await run()).toMatchObject({ opened: [], read: 0, clips: 300 })
  const fresh = join(storeDir, '../fresh')
  expect((await run({ storeDir: fresh })).root).toBe((await readManifest(storeDir, 'penn-action')).root)
})

test('a part says what it has set aside', async () => {
  const { path, run } = await setUp(10)
  writeFileSync(path(3), 'no MAT file')
  expect(await run({ part: { index: 1, of: 1 } })).toMatchObject({ root: null, quarantined: [{ source: 'labels/0003.mat' }] })
})

test('refuses to read from the folder that the store writes to', async () => {
  const { rawDir, run } = await setUp(2)
  const storeDir = join(rawDir, '../other')
  mkdirSync(join(storeDir, 'penn-action/shards'), { recursive: true })
  for (const inside of ['penn-action', 'penn-action/shards']) {
    const place = join(storeDir, inside)
    await expect(ingest({ entry, rawDir: place, storeDir, jobs: 1 })).rejects.toMatchObject({
      code: 'E_RAW_IN_STORE', message: `${place} lies in the store's own folder "${join(storeDir, 'penn-action')}"` })
  }
  expect((await run({ storeDir: join(rawDir, 'store') })).clips).toBe(2)
})

test('leaves alone what others have put beside its files', async () => {
  const { storeDir, run } = await setUp(10)
  await run()
  const note = join(storeDir, 'penn-action/shards/notes.csv')
  writeFileSync(note, 'mine')
  await run({ fps: 30 })
  expect(readFileSync(note, 'utf8')).toBe('mine')
})

test('pictures that have rotted in the store are read from the raw files again', async () => {
  const place = await temporaryFolder()
  const [rawDir, storeDir] = [join(place, 'raw'), join(place, 'store')]
  await writeTwin(entry, rawDir, { clips: 3, seed: 6, frames: true })
  const options: IngestOptions = { entry, rawDir, storeDir, jobs: 1, frames: 'embed' }
  await ingest(options)
  const before = await hashNewest(storeDir, 'penn-action')
  const pictures = join(storeDir, Object.keys(before).find((file) => file.includes('/pictures-'))!)
  const bytes = readFileSync(pictures)
  bytes[bytes.length >> 1]! ^= 1
  writeFileSync(pictures, bytes)
  utimesSync(join(rawDir, 'labels', readdirSync(join(rawDir, 'labels'))[0]!), 1, 1)
  expect((await ingest(options)).read).toBe(3)
  expect((await verify(storeDir, 'penn-action', { deep: true })).problems).toEqual([])
})
