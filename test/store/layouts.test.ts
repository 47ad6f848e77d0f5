import { writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Clip } from '../../src/clip.ts'
import type { Image } from '../../src/film.ts'
import { sha256 } from '../../src/hash.ts'
import { runQuery } from '../../src/queries/index.ts'
import { listImages, readImages } from '../../src/store/read-images.ts'
import { readManifest } from '../../src/store/manifest.ts'
import { packClip } from '../../src/store/pack-clip.ts'
import { packFilm } from '../../src/store/pack-film.ts'
import { readClips } from '../../src/store/read-clips.ts'
import { sealJson } from '../../src/store/sealed-json.ts'
import { verify } from '../../src/store/verify.ts'
import { writeClips } from '../../src/store/write-clips.ts'
import { openStoreWriter } from '../../src/store/write-store.ts'
import { makeClip, skeletons, spatial, three } from './clips.ts'
import { temporaryFolder } from './folder.ts'

/** Labels alone: no skeleton, no joints. */
const labelled = (id: string): Clip => makeClip(id, { skeleton: null, joints: 0, keypoints: null, states: null, raw: null, boxes: null })

const together = (): Clip[] => [spatial('tiny/a#3d'), makeClip('tiny/a#view'), labelled('tiny/b'), spatial('tiny/c#3d'), makeClip('tiny/d')]

test('clips of several skeletons, axes and signals, and labels alone, come back bit for bit', async () => {
  const storeDir = await temporaryFolder()
  const clips = together()
  const { schema, shards } = await writeClips({ storeDir, dataset: 'tiny', skeletons: [...skeletons, three], clips })
  expect(await readClips(storeDir, 'tiny', undefined, { raw: true })).toEqual(clips)
  expect(schema.layouts.map(({ name }) => name)).toEqual(['labels', 'three-3d', 'two-2d'])
  expect(shards[0]!.files.filter(({ table }) => table === 'frames').map(({ layout, rows }) => [layout, rows])).toEqual([['labels', 3], ['three-3d', 8], ['two-2d', 6]])
  expect((await verify(storeDir, 'tiny', { deep: true })).problems).toEqual([])
})

test('clips without joints lie by their signals', async () => {
  const storeDir = await temporaryFolder()
  const signalled = (id: string, names: readonly string[], dims: 2 | 3 = 3): Clip => ({
    ...labelled(id), dims, signals: { names, values: Float32Array.from({ length: 3 * names.length }, (_, cell) => (cell === 1 ? NaN : cell / 4)) } })
  const clips = [labelled('tiny/a'), signalled('tiny/a#hands', ['wrist']), signalled('tiny/b#beta', ['wrist', 'elbow']), signalled('tiny/c#hands', ['wrist']),
    signalled('tiny/d#flat', ['wrist'], 2)]
  const { schema } = await writeClips({ storeDir, dataset: 'tiny', skeletons, clips })
  expect(await readClips(storeDir, 'tiny')).toEqual(clips)
  // printf '[2,"wrist"]' | sha256sum, and so on
  expect(schema.layouts.map(({ name, dims, signals }) => [name, dims, signals.join(' ')])).toEqual([
    ['labels', 2, ''], ['signals-3e93e73f', 3, 'wrist elbow'], ['signals-557fdbc1', 2, 'wrist'], ['signals-ce8c38ec', 3, 'wrist']])
  expect((await verify(storeDir, 'tiny', { deep: true })).problems).toEqual([])
})

test('recordings count once, with their longest clip', async () => {
  const storeDir = await temporaryFolder()
  const clips = together().map((clip) => ({ ...clip, group: clip.id.slice(0, 6) }))
  const { counts } = await writeClips({ storeDir, dataset: 'tiny', skeletons: [...skeletons, three], clips })
  expect(counts).toMatchObject({ clips: 5, frames: 13, films: 4, recordings: { recordings: 4, frames: 11, train: 3, validation: 1, test: 0 } })
})

test('the root changes with a signal, a camera, a segment, a side and a source', async () => {
  const root = async (clip: Clip): Promise<string> => (await writeClips({ storeDir: await temporaryFolder(), dataset: 'tiny', skeletons: [three], clips: [clip] })).root
  const clip = spatial('tiny/a')
  const others: Clip[] = [
    { ...clip, signals: { ...clip.signals!, values: Float32Array.of(1.5, NaN, 2.5, 2) } }, { ...clip, calibration: { ...clip.calibration!, fx: 1000 } },
    { ...clip, labels: { ...clip.labels, segments: clip.labels.segments.slice(1) } }, { ...clip, labels: { ...clip.labels, sides: { xsub: 'train' } } },
    { ...clip, files: clip.files.slice(1) }, { ...clip, unit: 'm' },
  ]
  expect(new Set([await root(clip), ...await Promise.all(others.map(root))]).size).toBe(7)
})

const picture = (frame: number, data: Uint8Array | null): Image => ({
  frame, path: `frames/${frame}.jpg`, width: 8, height: 6, pts: null, hash: `sha256:${sha256(data ?? '')}`, bytes: data?.length ?? 3, data })

async function filmed(images: readonly Image[]): Promise<{ storeDir: string; root: string }> {
  const storeDir = await temporaryFolder()
  const writer = await openStoreWriter({ storeDir, dataset: 'tiny' })
  const shard = writer.openShard('all')
  await shard.add(packFilm('tiny/a', [packClip(makeClip('tiny/a'), skeletons[0]!.joints)], { images, proxy: null }))
  await shard.finish([{ id: 'tiny/a', fingerprint: null, quarantined: [] }], null)
  const { root } = await writer.commit({ shardBits: 0, quarantined: [], complete: false, entry: sha256('') })
  await writer.close()
  return { storeDir, root }
}

test('embedded pictures come back untouched, one ranged read of a Parquet file each', async () => {
  const files = [Buffer.from('first picture'), Buffer.alloc(100_000, 7), Buffer.from('third')]
  const { storeDir } = await filmed(files.map((data, frame) => picture(frame, data)))
  const images = await listImages(storeDir, 'tiny', 'tiny/a')
  expect((await readImages(storeDir, 'tiny', images)).map((bytes) => Buffer.from(bytes).equals(files.shift()!))).toEqual([true, true, true])
  const { file, offset, bytes } = images[2]!
  const whole = await readFile(join(storeDir, 'tiny/shards', file!))
  expect(whole.subarray(offset!, offset! + bytes!).toString()).toBe('third')
  expect((await verify(storeDir, 'tiny', { deep: true })).problems).toEqual([])
})

test('a picture that has changed is found by a deep verification', async () => {
  const { storeDir } = await filmed([picture(0, Buffer.from('first picture')), picture(1, Buffer.from('second'))])
  const [, second] = await listImages(storeDir, 'tiny', 'tiny/a')
  const file = join(storeDir, 'tiny/shards', second!.file!)
  const bytes = await readFile(file)
  bytes[second!.offset!]! ^= 1
  writeFileSync(file, bytes)
  expect((await verify(storeDir, 'tiny')).problems).toMatchObject([{ file: expect.stringContaining('pictures-all'), code: 'E_FILE_CHANGED' }])
})

test('pictures by reference have their path and hash; asking for their bytes is an error with the way out', async () => {
  const { storeDir } = await filmed([picture(0, null)])
  const images = await listImages(storeDir, 'tiny', 'tiny/a')
  expect(images).toMatchObject([{ frame: 0, path: 'frames/0.jpg', file: null, offset: null }])
  await expect(readImages(storeDir, 'tiny', images)).rejects.toMatchObject({
    code: 'E_IMAGE_NOT_EMBEDDED', message: 'the picture "frames/0.jpg" is kept by reference, not in the store', hint: 'ingest with --frames embed, or read it from the raw folder' })
  await expect(listImages(storeDir, 'tiny', 'tiny/z')).rejects.toMatchObject({
    code: 'E_FILM_UNKNOWN', message: 'no pictures of the film "tiny/z" in the store', hint: 'posetta ingest tiny RAW_DIR --frames reference, or embed' })
})

test('a store of tables of version 1 is refused by name, and a new ingest takes its place', async () => {
  const storeDir = await temporaryFolder()
  await writeClips({ storeDir, dataset: 'tiny', skeletons, clips: [makeClip('tiny/a')] })
  const file = join(storeDir, 'tiny/manifest.json')
  writeFileSync(file, sealJson({ format: 1, dataset: 'tiny', schema: { version: 1, skeleton: 'two', joints: [], dims: 2 } }))
  await expect(readManifest(storeDir, 'tiny')).rejects.toMatchObject({
    code: 'E_STORE_VERSION', message: `"${file}" was written by an earlier Posetta: tables of version 1, this one reads 2`,
    hint: 'ingest the data set again: the raw files are all it needs' })
  await writeClips({ storeDir, dataset: 'tiny', skeletons, clips: [makeClip('tiny/a')] })
  expect((await readManifest(storeDir, 'tiny')).parent).toBeNull()
})

test('a proxy that was made anew is the one that the table names', async () => {
  const storeDir = await temporaryFolder()
  const proxied = async (content: string): Promise<void> => {
    const writer = await openStoreWriter({ storeDir, dataset: 'tiny' })
    const file = join(writer.scratch, 'draft.mp4')
    writeFileSync(file, content)
    const shard = writer.openShard('all')
    await shard.add(packFilm('tiny/a', [packClip(makeClip('tiny/a'), skeletons[0]!.joints)], { images: [picture(0, null)], proxy: { file, frames: 1 } }))
    await shard.finish([{ id: 'tiny/a', fingerprint: null, quarantined: [] }], { key: sha256(''), bits: 0 })
    await writer.commit({ shardBits: 0, quarantined: [], complete: false, entry: sha256('') })
    await writer.close()
  }
  for (const content of ['first', 'made anew']) await proxied(content)
  const [proxy] = (await runQuery({ storeDir, runsDir: join(storeDir, 'none') }, 'select file, bytes from proxies')).rows
  expect(await readFile(join(storeDir, 'tiny/shards', String(proxy![0])), 'utf8')).toBe('made anew')
  expect((await verify(storeDir, 'tiny', { deep: true })).problems).toEqual([])
})
