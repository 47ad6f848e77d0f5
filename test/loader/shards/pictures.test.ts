import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../../src/catalog.ts'
import { ingest } from '../../../src/ingest/ingest.ts'
import { decodeImage } from '../../../src/loader/frames/decode-image.ts'
import { createPictures, createResizer } from '../../../src/loader/frames/index.ts'
import { openTrainingShards, picturesOf, type ShardRequest, sourceOf, type TrainingShards } from '../../../src/loader/shards/index.ts'
import { listImages, readImages } from '../../../src/store/index.ts'
import { flipBit } from '../../store/flip.ts'
import { jpegHere } from '../../jpeg.ts'
import { twinOnce, twinStoreOnce } from '../../made-once.ts'
import { hashTree, temporaryFolder } from '../../store/folder.ts'
import { pythonWith, runPython } from '../../python.ts'
import { undecodable } from '../frames/films.ts'
import { tinyStore } from './shards.ts'

const resizing = { short: 90, quality: 90 }
const twin = { clips: 2, seed: 1, frames: true }
/** A store to itself, beside which training shards are kept. */
const storeDir = mkdtempSync(join(tmpdir(), 'posetta-pictures-'))
let raw: string
beforeAll(async () => {
  raw = await twinOnce('penn-action', twin)
  await cp(await twinStoreOnce('penn-action', twin, 'embed'), storeDir, { recursive: true })
})
afterAll(() => rm(storeDir, { recursive: true }))

const open = (change: Partial<ShardRequest> = {}): Promise<TrainingShards> => openTrainingShards({ storeDir, dataset: 'penn-action', memoryBytes: 0, pictures: resizing, ...change })

describe.skipIf(!jpegHere)('pictures in training shards (@julusian/jpeg-turbo must be there)', () => {
  test('every frame of every clip is the store\'s picture, made smaller', async () => {
    const { opened, close } = await open()
    const [source, pictures] = [sourceOf(opened), picturesOf(opened)!]
    const resize = createResizer(resizing)
    for (let row = 0; row < source.clips.count; row++) {
      const images = await listImages(storeDir, 'penn-action', source.clips.id(row))
      expect(images.length).toBeGreaterThan(20)
      const files = await readImages(storeDir, 'penn-action', images)
      images.forEach(({ frame }, at) => expect(Buffer.from(pictures.jpeg(row, frame)!).equals(Buffer.from(resize(files[at]!)))).toBe(true))
      expect(pictures.jpeg(row, images.length)).toBeNull()
      expect(pictures.jpeg(row, -1)).toBeNull()
      expect(decodeImage(pictures.jpeg(row, 0)!)).toMatchObject(pictures.size!(row, source.read(row)))
    }
    pictures.close()
    await close()
  })

  test('they go into batches in step with the joints', async () => {
    const { opened, close } = await open()
    const [clip, pictures] = [sourceOf(opened).read(1), picturesOf(opened)!]
    const out = new Uint8Array(clip.frames * 3 * 32 * 32).fill(1)
    createPictures({ width: 32, height: 32, layout: 'nhwc', dtype: 'uint8', region: 'frame', frames: 'every' }).draw({ clip, row: 1, recorded: clip }, pictures, out)
    expect(new Set(out).size).toBeGreaterThan(10)
    await close()
  })

  test('other clips, sizes and qualities are other entries; without pictures there are none', async () => {
    const keys = new Set<string>()
    for (const change of [{}, { pictures: { short: 80, quality: 90 } }, { pictures: { short: 90, quality: 80 } }, { pictures: undefined }] as const) {
      const { opened, close } = await open({ ids: ['penn-action/1037'], ...change })
      keys.add(opened.entry.key)
      expect(picturesOf(opened) === null).toBe('pictures' in change && change.pictures === undefined)
      await close()
    }
    expect(keys.size).toBe(4)
  })

  describe('damage', () => {
    test('to any part of the pictures is refused, and healed to the same bytes', async () => {
      const { opened, heal, close } = await open()
      const { used: _, ...before } = await hashTree(opened.folder)
      const file = join(opened.folder, 'pictures-00000.arrow')
      const last = opened.entry.pictures!.shards[0]!.bytes
      for (const at of [4000, Math.floor(last / 2), last - 20_000]) {
        await flipBit(file, at)
        const pictures = picturesOf(opened)!
        expect(() => readAll(pictures)).toThrow(/pictures-00000\.arrow" of the training shards of penn-action is not as it was written/)
        expect(await heal()).toEqual(['pictures-00000.arrow'])
        expect(readAll(pictures)).toBeGreaterThan(40)
        const { used: __, ...after } = await hashTree(opened.folder)
        expect(after).toEqual(before)
      }
      await close()
    })

    function readAll(pictures: NonNullable<ReturnType<typeof picturesOf>>): number {
      let read = 0
      for (const row of [0, 1]) for (let frame = 0; pictures.jpeg(row, frame) !== null; frame++) read++
      return read
    }
  })

  describe('pictures that the store keeps by reference', () => {
    test('are read from the raw folder, and end in a way out without it', async () => {
      const byReference = await temporaryFolder()
      await ingest({ entry: entryOf(await readCatalog(), 'penn-action'), rawDir: raw, storeDir: byReference, jobs: 1, frames: 'reference' })
      const request = { storeDir: byReference, ids: ['penn-action/1149'] }
      await expect(open(request)).rejects.toMatchObject({ code: 'E_IMAGE_NOT_EMBEDDED' })
      const shards = await open({ ...request, pictures: { ...resizing, rawDir: raw } })
      const embedded = await open()
      const [row, frame] = [1, 11]
      expect(picturesOf(shards.opened)!.jpeg(0, frame)).toEqual(picturesOf(embedded.opened)!.jpeg(row, frame))
      for (const { close } of [shards, embedded]) await close()
    })
  })

  test('that the raw folder lacks, or has changed, are told of when they are asked for, until it has them again', async () => {
    const [rawDir, byReference] = [await temporaryFolder(), await temporaryFolder()]
    await cp(raw, rawDir, { recursive: true })
    await ingest({ entry: entryOf(await readCatalog(), 'penn-action'), rawDir, storeDir: byReference, jobs: 1, frames: 'reference' })
    const [gone, changed] = ['frames/1037/000003.jpg', 'frames/1149/000001.jpg'].map((path) => join(rawDir, path)) as [string, string]
    const [file, other] = [await readFile(gone), await readFile(changed)]
    await rm(gone)
    await writeFile(changed, file)
    const request = { storeDir: byReference, pictures: { ...resizing, rawDir } }
    const [lacking, again] = [await open(request), await open(request)]
    expect(again.opened.entry).toEqual(lacking.opened.entry)
    const pictures = picturesOf(lacking.opened)!
    expect(() => pictures.jpeg(0, 2)).toThrow(expect.objectContaining({
      code: 'E_PICTURE_MISSING', message: 'the picture of frame 2 of penn-action/1037 ("frames/1037/000003.jpg") was not made smaller: the raw folder has no such file that can be read' }))
    expect(() => pictures.jpeg(1, 0)).toThrow(expect.objectContaining({ code: 'E_PICTURE_CHANGED', message: expect.stringMatching(/the file is not the one that was ingested$/) }))
    await flipBit(join(lacking.opened.folder, 'pictures-00000.arrow'), 4000)
    expect(await lacking.heal()).toEqual(['pictures-00000.arrow'])
    await writeFile(gone, file)
    await writeFile(changed, other)
    const whole = await open(request)
    await rm(rawDir, { recursive: true })
    const embedded = await open()
    expect((await open(request)).opened.entry.key).toBe(whole.opened.entry.key)
    expect(whole.opened.entry.key).not.toBe(lacking.opened.entry.key)
    for (const [row, frame] of [[0, 2], [1, 0], [1, 7]] as const) expect(picturesOf(whole.opened)!.jpeg(row, frame)).toEqual(picturesOf(embedded.opened)!.jpeg(row, frame))
    expect(pictures.jpeg(1, 7)).toEqual(picturesOf(embedded.opened)!.jpeg(1, 7))
    await expect(open({ ...request, ids: ['penn-action/1149'] })).rejects.toMatchObject({
      code: 'E_PICTURE_MISSING', message: expect.stringMatching(/^none of the \d+ pictures of these clips is in ".*" as it was ingested$/) })
    for (const { close } of [lacking, again, whole, embedded]) await close()
  })

  describe('a picture that cannot be decoded', () => {
    const [code, fault] = ['E_PICTURE_UNREADABLE', 'libjpeg-turbo finds it damaged or cut off']

    test('is told of when it is asked for; all others are there, and the same files are made every time', async () => {
      const store = await spoiltStore(['frames/1037/000003.jpg', 'frames/1149/000001.jpg'])
      const [one, two] = [await open({ storeDir: store }), await open({ storeDir: store, cacheDir: await temporaryFolder() })]
      expect(one.opened.entry.pictures!.unreadable).toEqual([
        { film: 'penn-action/1037', frame: 2, path: 'frames/1037/000003.jpg', code, fault }, { film: 'penn-action/1149', frame: 0, path: 'frames/1149/000001.jpg', code, fault }])
      const pictures = picturesOf(one.opened)!
      expect(() => pictures.jpeg(0, 2)).toThrow(expect.objectContaining({
        code: 'E_PICTURE_UNREADABLE', message: `the picture of frame 2 of penn-action/1037 ("frames/1037/000003.jpg") cannot be decoded: ${fault}` }))
      expect(() => pictures.jpeg(1, 0)).toThrow('the picture of frame 0 of penn-action/1149 ("frames/1149/000001.jpg")')
      const sound = await open()
      const whole = picturesOf(sound.opened)!
      for (const frame of [0, 1, 3, 20]) expect(pictures.jpeg(0, frame)).toEqual(whole.jpeg(0, frame))
      const files = await Promise.all([one, two].map(async ({ opened }) => ({ ...await hashTree(opened.folder), used: '' })))
      expect(files[0]).toEqual(files[1])
      for (const { close } of [one, two, sound]) await close()
    })

    test('is not in the way of healing its shard, or the index', async () => {
      const { opened, heal, close } = await open({ storeDir: await spoiltStore(['frames/1037/000003.jpg']) })
      const { used: _, ...before } = await hashTree(opened.folder)
      for (const name of ['pictures-00000.arrow', 'index.bin']) {
        await flipBit(join(opened.folder, name), 4000)
        expect(await heal()).toEqual([name])
        const { used: __, ...after } = await hashTree(opened.folder)
        expect(after).toEqual(before)
      }
      await close()
    })

    test('may be each of them', async () => {
      const { opened, close } = await open({ storeDir: await spoiltStore(['1037', '1149'].flatMap((clip) => Array.from({ length: 99 }, (_, at) => `frames/${clip}/0000${String(at + 1).padStart(2, '0')}.jpg`))) })
      expect([opened.entry.pictures!.shards, opened.entry.pictures!.unreadable!.length]).toEqual([[], readdirSync(join(raw, 'frames'), { recursive: true }).filter((name) => String(name).endsWith('.jpg')).length])
      expect(() => picturesOf(opened)!.jpeg(1, 5)).toThrow('the picture of frame 5 of penn-action/1149')
      await close()
    })

    /** The store of the other tests, ingested with pictures of its raw folder spoilt. */
    async function spoiltStore(paths: readonly string[]): Promise<string> {
      const [rawDir, store] = [await temporaryFolder(), await temporaryFolder()]
      await cp(raw, rawDir, { recursive: true })
      for (const path of paths.map((path) => join(rawDir, path)).filter(existsSync)) await writeFile(path, undecodable(await readFile(path)))
      await ingest({ entry: entryOf(await readCatalog(), 'penn-action'), rawDir, storeDir: store, jobs: 1, frames: 'embed' })
      return store
    }
  })

  const python = pythonWith('pyarrow')
  test.skipIf(python === null)('pyarrow reads them (POSETTA_PYTHON names the interpreter)', async () => {
    const { opened, close } = await open()
    const printed = runPython(python!, `
import hashlib, pyarrow
table = pyarrow.ipc.open_file(${JSON.stringify(join(opened.folder, 'pictures-00000.arrow'))}).read_all()
table.validate(full=True)
row = [row for row in table.to_pylist() if row['film'] == 'penn-action/1149' and row['frame'] == 7][0]
print(hashlib.sha256(row['jpeg']).hexdigest())`)
    const { createHash } = await import('node:crypto')
    expect(printed.trim()).toBe(createHash('sha256').update(picturesOf(opened)!.jpeg(1, 7)!).digest('hex'))
    await close()
  })
})

test('a store without pictures is told of', async () => {
  await expect(openTrainingShards({ storeDir: await tinyStore(), dataset: 'tiny', memoryBytes: 0, pictures: resizing })).rejects.toMatchObject({
    code: 'E_PICTURE_MISSING', message: 'the store has no pictures of these clips of tiny', hint: 'posetta ingest tiny RAW_DIR --frames embed, or reference' })
})
