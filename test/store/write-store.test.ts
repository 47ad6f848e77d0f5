import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readManifest } from '../../src/store/manifest.ts'
import { packClip } from '../../src/store/pack-clip.ts'
import { packFilm } from '../../src/store/pack-film.ts'
import { readClips } from '../../src/store/read-clips.ts'
import { writeClips } from '../../src/store/write-clips.ts'
import { openStoreWriter } from '../../src/store/write-store.ts'
import { makeClip, makeClips, skeletons } from './clips.ts'
import { hashTree, temporaryFolder } from './folder.ts'
import { canMount, mountTmpfs, remountReadOnly } from './mount.ts'

const place = (storeDir: string) => ({ storeDir, dataset: 'tiny', skeletons })
const root = async (change: object) => (await writeClips({ ...place(await temporaryFolder()), clips: [makeClip('tiny/a')], ...change })).root
const bad = { source: 'labels/0009.mat', code: 'E_MAT', message: 'cut short', offset: 128, sha256: null, readmit: 'mend it' }

test('gives back the clips it was given, bit for bit and sorted by id', async () => {
  const storeDir = await temporaryFolder()
  const clips = [
    makeClip('tiny/b', { fps: 29.97, flags: [], boxes: null }),
    makeClip('tiny/a', { persons: 2, labels: { ...makeClip('x/y').labels, phases: [{ start: 0, end: 2, label: 'down' }, { start: 2, end: 3, label: 'up' }] } }),
    makeClip('tiny/c', { keypoints: null, states: null, raw: null, files: [], flags: ['labels-only', 'second'] }),
  ]
  await writeClips({ ...place(storeDir), clips })
  expect(await readClips(storeDir, 'tiny', undefined, { raw: true })).toEqual([clips[1], clips[0], clips[2]])
})

test('reads the clips that were asked for, and names one that is not there', async () => {
  const storeDir = await temporaryFolder()
  const clips = makeClips(300)
  await writeClips({ ...place(storeDir), clips })
  expect(await readClips(storeDir, 'tiny', ['tiny/0290', 'tiny/0003'], { raw: true })).toEqual([clips[2], clips[289]])
  const many = clips.filter((_, i) => i % 3 > 0)
  expect(await readClips(storeDir, 'tiny', many.map(({ id }) => id), { raw: true })).toEqual(many)
  await expect(readClips(storeDir, 'tiny', ['tiny/0003', 'tiny/0999'])).rejects.toMatchObject({
    code: 'E_CLIP_UNKNOWN', message: 'no clip "tiny/0999" in the store' })
})

test('the order of writing leaves no trace: same files, same bytes, same root', async () => {
  const [one, two] = [await temporaryFolder(), await temporaryFolder()]
  const clips = makeClips(300)
  await writeClips({ ...place(one), clips })
  await writeClips({ ...place(two), clips: clips.toReversed() })
  const tree = await hashTree(one)
  expect(Object.keys(tree)).toHaveLength(8)
  expect(await hashTree(two)).toEqual(tree)
})

test('the same data again is the same commit; one clip more touches one shard and names its parent', async () => {
  const storeDir = await temporaryFolder()
  const clips = makeClips(1000)
  const first = await writeClips({ ...place(storeDir), clips })
  const tree = await hashTree(storeDir)
  await writeClips({ ...place(storeDir), clips })
  expect(await hashTree(storeDir)).toEqual(tree)
  const second = await writeClips({ ...place(storeDir), clips: [...clips, makeClip('tiny/9999')] })
  const kept = second.shards.filter(({ files }) => files.every(({ file }) => `tiny/shards/${file}` in tree))
  expect([first.shards.length, kept.length, second.counts.clips, second.parent === first.commit]).toEqual([4, 3, 1001, true])
})

test('the root changes with any value and with quarantine, not with the catalog entry', async () => {
  const plain = await root({})
  expect(await root({ entry: 'f'.repeat(64) })).toBe(plain)
  const moved = makeClip('tiny/a')
  moved.raw![4]! += 2 ** -14
  const others = [{ clips: [moved] }, { clips: [makeClip('tiny/a', { flags: [] })] }, { clips: [makeClip('tiny/a', { fps: 30 })] }, { quarantined: [bad] }]
  expect(new Set([plain, ...await Promise.all(others.map(root))]).size).toBe(5)
})

test('a writer that closes without a commit leaves the store as it was', async () => {
  const storeDir = await temporaryFolder()
  await writeClips({ ...place(storeDir), clips: makeClips(3) })
  const tree = await hashTree(storeDir)
  const writer = await openStoreWriter(place(storeDir))
  const shard = writer.openShard('all')
  for (const clip of makeClips(5)) await shard.add(packFilm(clip.id, [packClip(clip, skeletons[0]!.joints)], { images: null, proxy: null }))
  await shard.finish([], null)
  await writer.close()
  expect(await hashTree(storeDir)).toEqual(tree)
})

test('what a killed ingest left behind is removed by the next one', async () => {
  const storeDir = await temporaryFolder()
  await writeClips({ ...place(storeDir), clips: makeClips(3) })
  const tree = await hashTree(storeDir)
  await mkdir(join(storeDir, 'tiny/.staging'))
  await mkdir(join(storeDir, 'tiny/.lock'))
  await writeFile(join(storeDir, 'tiny/.staging/half.parquet'), 'PAR1')
  await writeFile(join(storeDir, 'tiny/shards/frames-all-0123456789abcdef.parquet'), 'PAR1')
  await writeFile(join(storeDir, 'tiny/manifest.json.tmp'), '{')
  await writeClips({ ...place(storeDir), clips: makeClips(3) })
  expect(await hashTree(storeDir)).toEqual(tree)
})

test('a second writer is refused while the first is at work', async () => {
  const storeDir = await temporaryFolder()
  const writer = await openStoreWriter(place(storeDir))
  await expect(openStoreWriter(place(storeDir))).rejects.toMatchObject({
    code: 'E_STORE_BUSY', message: `"${join(storeDir, 'tiny')}" is being written by process ${process.pid}`,
    hint: 'wait until it has finished, then run the same command again', exit: 2 })
  await writer.close()
  expect(existsSync(join(storeDir, 'tiny'))).toBe(false)
})

test('a store that is a file is E_STORE_PATH', async () => {
  const storeDir = join(await temporaryFolder(), 'file')
  await writeFile(storeDir, '')
  await expect(writeClips({ ...place(storeDir), clips: makeClips(1) })).rejects.toMatchObject({
    code: 'E_STORE_PATH', message: `store "${storeDir}" is, or lies in, a file`, hint: 'name another folder with --store', exit: 2 })
})

describe.skipIf(!canMount)('on a small disk', () => {
  const big = Array.from({ length: 40 }, (_, i) => makeClip(`tiny/${i}`, { frames: 3000 }))

  test('a full disk ends in E_DISK_FULL, exit 4; what was there is untouched and readable', async () => {
    const storeDir = join(mountTmpfs(1_000_000), 'store')
    await writeClips({ ...place(storeDir), clips: makeClips(5) })
    const tree = await hashTree(storeDir)
    await expect(writeClips({ ...place(storeDir), clips: big })).rejects.toMatchObject({
      code: 'E_DISK_FULL', message: `no space left on the disk of store "${storeDir}"`, exit: 4,
      hint: 'free some space and run the same command again; what the store held before is untouched' })
    expect(await hashTree(storeDir)).toEqual(tree)
    expect(await readClips(storeDir, 'tiny', undefined, { raw: true })).toEqual(makeClips(5))
  })

  test('a full disk leaves nothing where nothing was', async () => {
    const disk = mountTmpfs(1_000_000)
    await expect(writeClips({ ...place(join(disk, 'store')), clips: big })).rejects.toThrow('no space left')
    expect(await readdir(join(disk, 'store'))).toEqual([])
  })

  test('a read-only store is E_STORE_READ_ONLY and stays readable', async () => {
    const storeDir = join(mountTmpfs(1_000_000), 'store')
    await writeClips({ ...place(storeDir), clips: makeClips(2) })
    remountReadOnly(join(storeDir, '..'))
    await expect(writeClips({ ...place(storeDir), clips: makeClips(3) })).rejects.toMatchObject({
      code: 'E_STORE_READ_ONLY', message: `cannot write to store "${storeDir}": the file system is read-only`,
      hint: 'name another folder with --store', exit: 2 })
    expect((await readManifest(storeDir, 'tiny')).counts.clips).toBe(2)
  })
})
