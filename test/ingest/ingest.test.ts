import { cpSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../src/catalog.ts'
import { dryRun } from '../../src/ingest/dry-run.ts'
import { ingest, ingestExit, type IngestOptions, type IngestResult } from '../../src/ingest/ingest.ts'
import { type MatInput, writeMat } from '../../src/ingest/synthetic/penn-action/mat-writer.ts'
import { writeTwin } from '../../src/ingest/synthetic/write-twin.ts'
import { openStoreWriter, readClips, verify } from '../../src/store/index.ts'
import { hashTree, temporaryFolder } from '../store/folder.ts'
import { canMount, mountTmpfs, remountReadOnly } from '../store/mount.ts'

let entry: DatasetEntry
let twin: string
beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'penn-action')
  twin = await mkdtemp(join(tmpdir(), 'posetta-twin-'))
  await writeTwin(entry, twin, { clips: 12, seed: 1, frames: false })
})
afterAll(() => rm(twin, { recursive: true }))

/** A copy of the twin to spoil, and a store that holds the unspoilt one. */
type SetUp = { rawDir: string; storeDir: string; tree: Record<string, string>; run: (change?: Partial<IngestOptions>) => Promise<IngestResult> }
async function setUp(): Promise<SetUp> {
  const folder = await temporaryFolder()
  const [rawDir, storeDir] = [join(folder, 'raw'), join(folder, 'store')]
  cpSync(twin, rawDir, { recursive: true })
  const run = (change: Partial<IngestOptions> = {}) => ingest({ entry, rawDir, storeDir, jobs: 1, ...change })
  await run()
  return { rawDir, storeDir, tree: await hashTree(storeDir), run }
}

/** A label file of three frames; `change` replaces variables, undefined leaves one out. */
function label(change: Record<string, MatInput | undefined> = {}): Buffer {
  const filled = (dims: [number, number], value: number): number[] => Array<number>(dims[0] * dims[1]).fill(value)
  const double = (name: string, dims: [number, number], value: number): MatInput => ({ name, kind: 'double', dims, values: filled(dims, value) })
  const variables: Record<string, MatInput | undefined> = {
    action: { name: 'action', kind: 'text', text: 'squat' }, pose: { name: 'pose', kind: 'text', text: 'front' },
    x: double('x', [3, 13], 100.5), y: double('y', [3, 13], 50.5),
    visibility: { name: 'visibility', kind: 'logical', dims: [3, 13], values: filled([3, 13], 1) },
    train: { name: 'train', kind: 'int32', dims: [1, 1], values: [-1] }, bbox: double('bbox', [3, 4], 10),
    dimensions: { name: 'dimensions', kind: 'double', dims: [1, 3], values: [270, 480, 3] },
    nframes: double('nframes', [1, 1], 3), ...change,
  }
  return writeMat(Object.values(variables).filter((variable) => variable !== undefined), 'MATLAB 5.0 MAT-file')
}

test('a twin becomes clips; it is no complete download, so that no count is asserted', async () => {
  const { storeDir, run } = await setUp()
  const result = await run()
  expect(result).toMatchObject({ dataset: 'penn-action', clips: 12, complete: false, checks: [], quarantined: [], shards: 1 })
  expect(ingestExit(result)).toBe(0)
  const clips = await readClips(storeDir, 'penn-action')
  expect(clips.map(({ source }) => source)).toEqual(Array(12).fill('synthetic'))
  expect(clips.reduce((frames, clip) => frames + clip.frames, 0)).toBe(result.frames)
})

test('twice is the same bytes and the same root', async () => {
  const { storeDir, tree, run } = await setUp()
  await run()
  expect(await hashTree(storeDir)).toEqual(tree)
})

test('an empty folder is an error, and makes no store', async () => {
  const rawDir = await temporaryFolder()
  const storeDir = join(rawDir, 'store')
  await expect(ingest({ entry, rawDir, storeDir, jobs: 1 })).rejects.toMatchObject({
    code: 'E_RAW_EMPTY', exit: 2, message: `no label files (labels/0001.mat, ...) in ${rawDir}` })
  expect(existsSync(storeDir)).toBe(false)
})

test('files that cannot be read are set aside with the reason, the rest is stored: exit 3', async () => {
  const { rawDir, storeDir, run } = await setUp()
  writeFileSync(join(rawDir, 'labels/9001.mat'), 'this is a text file that somebody gave the wrong name'.repeat(5))
  writeFileSync(join(rawDir, 'labels/9002.mat'), label({ bbox: undefined }))
  writeFileSync(join(rawDir, 'labels/9003.mat'), label({ y: { name: 'y', kind: 'double', dims: [2, 13], values: Array<number>(26).fill(50.5) } }))
  writeFileSync(join(rawDir, 'labels/9004.mat'), label())
  const result = await run()
  expect(result.clips).toBe(13)
  expect(result.quarantined).toMatchObject([
    { source: 'labels/9001.mat', code: expect.stringMatching(/^E_MAT_/), message: expect.any(String) },
    { source: 'labels/9002.mat', code: 'E_PENN_VARIABLE', message: 'no variable bbox; there are action, pose, x, y, visibility, train, dimensions, nframes' },
    { source: 'labels/9003.mat', code: 'E_PENN_ROWS', message: 'y is 2 x 13, not 3 x 13' },
  ])
  expect(ingestExit(result)).toBe(3)
  expect((await verify(storeDir, 'penn-action', { deep: true })).problems).toEqual([])
})

test('a label file cut off at any of 50 places is set aside', async () => {
  const rawDir = await temporaryFolder()
  const whole = label()
  mkdirSync(join(rawDir, 'labels'))
  writeFileSync(join(rawDir, 'labels/0001.mat'), whole)
  for (let cut = 0; cut < 50; cut++) writeFileSync(join(rawDir, `labels/${2000 + cut}.mat`), whole.subarray(0, Math.floor((cut * whole.length) / 50)))
  const { clips, quarantined } = await ingest({ entry, rawDir, storeDir: join(rawDir, 'store'), jobs: 1 })
  expect(clips).toBe(1)
  expect(quarantined.map(({ source }) => source)).toEqual(Array.from({ length: 50 }, (_, cut) => `labels/${2000 + cut}.mat`))
  expect(quarantined.filter(({ code }) => !/^E_(MAT|PENN)_/.test(code))).toEqual([])
})

describe('leaves the store as it was', () => {
  test('when nothing at all can be read', async () => {
    const { rawDir, storeDir, tree, run } = await setUp()
    for (const name of readdirSync(join(rawDir, 'labels'))) writeFileSync(join(rawDir, 'labels', name), '')
    await expect(run()).rejects.toMatchObject({
      code: 'E_NOTHING_READ', exit: 2, message: expect.stringMatching(/^none of the 12 files in ".*raw" could be read; the first: labels\/\d{4}\.mat: ./) })
    expect(await hashTree(storeDir)).toEqual(tree)
  })

  test('when a file is bad and it shall fail on bad ones', async () => {
    const { rawDir, storeDir, tree, run } = await setUp()
    writeFileSync(join(rawDir, 'labels/9002.mat'), label({ bbox: undefined }))
    await expect(run({ onBad: 'fail' })).rejects.toMatchObject({
      code: 'E_PENN_VARIABLE', exit: 2, message: expect.stringMatching(/^labels\/9002\.mat: no variable bbox/),
      hint: 'without --on-bad fail, files like this are set aside and listed' })
    expect(await hashTree(storeDir)).toEqual(tree)
  })

  test('when it is interrupted', async () => {
    const { rawDir, storeDir, tree, run } = await setUp()
    writeFileSync(join(rawDir, 'labels/9004.mat'), label())
    const controller = new AbortController()
    await expect(run({ signal: controller.signal, onProgress: ({ done }) => done === 3 && controller.abort(new Error('Ctrl-C')) })).rejects.toThrow('Ctrl-C')
    expect(await hashTree(storeDir)).toEqual(tree)
  })

  test('while another one is writing it', async () => {
    const { storeDir, run } = await setUp()
    const writer = await openStoreWriter({ storeDir, dataset: 'penn-action' })
    await expect(run()).rejects.toMatchObject({ code: 'E_STORE_BUSY', exit: 2 })
    await writer.close()
    const both = await Promise.allSettled([run(), run()])
    expect(both.map((one) => (one.status === 'fulfilled' ? 'done' : one.reason.code))).toContain('done')
    expect((await verify(storeDir, 'penn-action')).problems).toEqual([])
  })

  test.skipIf(!canMount)('on a full disk (exit 4) and on a read-only one (exit 2)', async () => {
    const { rawDir } = await setUp()
    const disk = mountTmpfs(600_000)
    const storeDir = join(disk, 'store')
    await ingest({ entry, rawDir, storeDir, jobs: 1 })
    const tree = await hashTree(storeDir)
    writeFileSync(join(rawDir, 'labels/9004.mat'), label())
    for (let page = 0; fill(join(disk, `ballast-${page}`)); page++);
    await expect(ingest({ entry, rawDir, storeDir, jobs: 1 })).rejects.toMatchObject({ code: 'E_DISK_FULL', exit: 4 })
    expect(await hashTree(storeDir)).toEqual(tree)
    remountReadOnly(disk)
    await expect(ingest({ entry, rawDir, storeDir, jobs: 1 })).rejects.toMatchObject({ code: 'E_STORE_READ_ONLY', exit: 2 })
    expect(await readClips(storeDir, 'penn-action')).toHaveLength(12)
  })

  test('in a dry run, which says what there is to do', async () => {
    const { rawDir, storeDir, run } = await setUp()
    await rm(storeDir, { recursive: true })
    let clock = 0
    const bytes = readdirSync(rawDir, { recursive: true, withFileTypes: true }).filter(({ name }) => /\.(?:mat|npy)$/.test(name))
      .reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0)
    const plan = { dataset: 'penn-action', films: 12, unchanged: 0, bytes, frames: 'none', complete: false, shards: 1, missing: ['frames'], ignored: [] }
    // the clock says 3 s for a sample of 6 of the 12 films
    expect(await dryRun({ entry, rawDir, storeDir, jobs: 1 }, () => (clock += 3000))).toEqual({ ...plan, seconds: 6 })
    expect(existsSync(storeDir)).toBe(false)
    await run()
    expect(await dryRun({ entry, rawDir, storeDir, jobs: 1 }, () => 0)).toEqual({ ...plan, unchanged: 12, bytes: 0, seconds: 0 })
  })
})

test('takes the first ids, or the files that match a glob', async () => {
  const { storeDir, run } = await setUp()
  const all = (await readClips(storeDir, 'penn-action')).map(({ id }) => id)
  expect(await run({ limit: 3 })).toMatchObject({ clips: 3, complete: false })
  expect((await readClips(storeDir, 'penn-action')).map(({ id }) => id)).toEqual(all.slice(0, 3))
  const [first] = all
  expect((await run({ include: `**/${first!.slice(-4)}.*` })).clips).toBe(1)
  await expect(run({ include: '*.mat' })).rejects.toMatchObject({
    code: 'E_NOTHING_INCLUDED', message: expect.stringMatching(/^none of the 12 films in ".*raw" has a path that matches "\*\.mat"$/),
    hint: `paths look like "labels/${first!.slice(-4)}.mat"; * stays within a folder, ** does not` })
})

test('says how far it is', async () => {
  const { run } = await setUp()
  const seen: number[] = []
  await run({ onProgress: ({ done, total }) => seen.push(done, total) })
  expect(seen).toEqual(Array.from({ length: 12 }, (_, i) => [i + 1, 12]).flat())
})

test('refuses to keep frames where there are none', async () => {
  const { rawDir, run } = await setUp()
  await expect(run({ frames: 'embed' })).rejects.toMatchObject({
    code: 'E_RAW_FRAMES', message: `no frames in ${rawDir}`, hint: 'leave --frames out to ingest what there is' })
})

/** Takes one more page of the disk; false when there is none. */
function fill(file: string): boolean {
  try {
    writeFileSync(file, Buffer.alloc(4096))
    return true
  } catch {
    return false
  }
}
