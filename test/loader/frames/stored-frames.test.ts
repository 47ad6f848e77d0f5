import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../../src/catalog.ts'
import type { Clip } from '../../../src/clip.ts'
import type { Image } from '../../../src/film.ts'
import { ingest } from '../../../src/ingest/ingest.ts'
import { transcodeProxy } from '../../../src/ingest/readers/video-proxy.ts'
import { probeVideo } from '../../../src/ingest/readers/video.ts'
import type { FrameSource } from '../../../src/loader/frames/frame-source.ts'
import type { PictureSpec } from '../../../src/loader/frames/picture-spec.ts'
import { createPictures } from '../../../src/loader/frames/pictures.ts'
import { storedFrames, type StoredPlace } from '../../../src/loader/frames/stored-frames.ts'
import { sourceOfClips } from '../../../src/loader/memory-source.ts'
import { readClips } from '../../../src/store/index.ts'
import { packClip } from '../../../src/store/pack-clip.ts'
import { packFilm } from '../../../src/store/pack-film.ts'
import { openStoreWriter } from '../../../src/store/write-store.ts'
import { sha256 } from '../../../src/hash.ts'
import { ffmpegHere, numberIn, writeNumbered } from '../../ffmpeg.ts'
import { twinOnce } from '../../made-once.ts'
import { jpegHere } from '../../jpeg.ts'
import { makeClip, skeletons } from '../../store/clips.ts'
import { filmOfFiles } from './films.ts'

const spec: PictureSpec = { width: 40, height: 30, layout: 'nhwc', dtype: 'uint8', region: 'frame', frames: 4 }
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posetta-frames-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function drawn(clip: Clip, source: FrameSource, asked = spec): Promise<Uint8Array> {
  const out = new Uint8Array((asked.frames === 'every' ? clip.frames : asked.frames) * asked.width * asked.height * 3)
  const pictures = createPictures(asked)
  const seen = { clip, row: 0, recorded: clip }
  pictures.draw(seen, await pictures.prepare([seen], source), out)
  return out
}

const framesOf = (place: StoredPlace, clip: Clip): FrameSource => storedFrames(place, sourceOfClips([clip]).clips)

describe('image files', () => {
  let raw: string
  let clip: Clip
  let paths: string[]

  beforeAll(async () => {
    raw = join(folder, 'raw')
    const entry = entryOf(await readCatalog(), 'penn-action')
    await cp(await twinOnce('penn-action', { clips: 1, seed: 1, frames: true }), raw, { recursive: true })
    for (const frames of ['embed', 'reference', 'none'] as const) await ingest({ entry, rawDir: raw, storeDir: join(folder, frames), jobs: 1, frames })
    clip = (await readClips(join(folder, 'embed'), 'penn-action'))[0]!
    paths = Array.from({ length: clip.frames }, (_, frame) => join(raw, `frames/${clip.id.slice('penn-action/'.length)}/${String(frame + 1).padStart(6, '0')}.jpg`))
  })

  test.skipIf(!jpegHere)('are the same embedded, in the raw folder, and straight from their files (@julusian/jpeg-turbo must be there)', async () => {
    const files = await Promise.all(paths.map((path) => readFile(path)))
    const straight = await drawn(clip, filmOfFiles((frame) => files[frame]!))
    expect(await drawn(clip, framesOf({ storeDir: join(folder, 'embed') }, clip))).toEqual(straight)
    expect(await drawn(clip, framesOf({ storeDir: join(folder, 'reference'), rawDirs: { 'penn-action': raw } }, clip))).toEqual(straight)
  })

  test('kept by reference need the raw folder', async () => {
    await expect(drawn(clip, framesOf({ storeDir: join(folder, 'reference') }, clip))).rejects.toMatchObject({ code: 'E_IMAGE_NOT_EMBEDDED' })
  })

  test('that were not ingested are refused', async () => {
    await expect(drawn(clip, framesOf({ storeDir: join(folder, 'none') }, clip))).rejects.toMatchObject({ code: 'E_FILM_UNKNOWN' })
  })

  test('that have changed, or are gone, are refused', async () => {
    const other = join(folder, 'other-raw')
    await cp(raw, other, { recursive: true })
    const path = paths[0]!.replace(raw, other)
    const place = { storeDir: join(folder, 'reference'), rawDirs: { 'penn-action': other } }
    await writeFile(path, await readFile(paths[1]!))
    await expect(drawn(clip, framesOf(place, clip))).rejects.toMatchObject({
      code: 'E_PICTURE_CHANGED', message: `the picture of frame 0 of ${clip.id}, "${path.slice(other.length + 1).replaceAll('\\', '/')}", is not the one that was ingested` })
    await rm(path)
    await expect(drawn(clip, framesOf(place, clip))).rejects.toMatchObject({ code: 'E_PICTURE_MISSING' })
  })
})

describe.skipIf(!ffmpegHere)('a video', () => {
  const clip: Clip = { ...makeClip('tiny/a'), width: 64, height: 48, frames: 90, time: Float32Array.from({ length: 90 }, (_, t) => t) }
  /** Frames 40, 41, 42, 60. */
  const seen: Clip = { ...clip, frames: 4, time: Float32Array.of(40, 41, 42, 60) }
  const asked: PictureSpec = { ...spec, width: 64, height: 48, frames: 'every' }
  const numbersIn = (out: Uint8Array): number[] => Array.from({ length: 4 }, (_, at) => numberIn(out.subarray(at * 9216)))
  let storeDir: string

  beforeAll(async () => {
    storeDir = join(folder, 'tiny')
    const video = await probeVideo(writeNumbered(join(folder, 'a.mp4'), 90, ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-g', '30']))
    const images = video.hashes.map((hash, frame): Image => ({
      frame, path: 'a.mp4', width: 64, height: 48, pts: (video.pts[frame]! * video.timeBase.num) / video.timeBase.den, hash: `md5:${video.pixelFormat}:${hash}`, bytes: null, data: null }))
    const writer = await openStoreWriter({ storeDir, dataset: 'tiny' })
    const proxy = await transcodeProxy(video.file, join(writer.scratch, 'proxy.mp4'), { shortSide: 24, video })
    const shard = writer.openShard('all')
    await shard.add(packFilm('tiny/a', [packClip(makeClip('tiny/a'), skeletons[0]!.joints)], { images, proxy: { file: proxy.file, frames: proxy.frames } }))
    await shard.finish([{ id: 'tiny/a', fingerprint: null, quarantined: [] }], null)
    await writer.commit({ shardBits: 0, quarantined: [], complete: false, entry: sha256('') })
    await writer.close()
  })

  test('of the raw folder gives the frames of a clip', async () => {
    expect(numbersIn(await drawn(seen, framesOf({ storeDir, rawDirs: { tiny: folder } }, clip), asked))).toEqual([40, 41, 42, 60])
  })

  test('that is a proxy gives the same frames, of fewer px', async () => {
    expect(numbersIn(await drawn(seen, framesOf({ storeDir }, clip), asked))).toEqual([40, 41, 42, 60])
  })

  test('has no frame beyond its end', async () => {
    await expect(drawn({ ...seen, time: Float32Array.of(40, 41, 42, 90) }, framesOf({ storeDir }, clip), asked)).rejects.toMatchObject({
      code: 'E_PICTURE_MISSING', message: 'the picture of frame 90 of tiny/a is not in the store' })
  })
})
