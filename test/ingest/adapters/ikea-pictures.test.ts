import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import { sha256 } from '../../../src/hash.ts'
import type { FilmRead, FramesMode } from '../../../src/ingest/adapter.ts'
import { ikeaAsm } from '../../../src/ingest/adapters/ikea-asm/ikea-asm.ts'
import { probeVideo } from '../../../src/ingest/readers/video.ts'
import { writeAvi } from '../../../src/ingest/synthetic/ikea-asm/ikea-avi-writer.ts'
import { writeJpeg } from '../../../src/ingest/synthetic/jpeg-writer.ts'
import { ffmpegHere } from '../../ffmpeg.ts'
import { contextOf } from '../read-film.ts'
import { gtActionFile, ikeaFolder, SCAN } from './ikea-raw.ts'

const size = { width: 48, height: 32 }
const jpegs = [0, 60, 120, 180, 240].map((grey) => writeJpeg({ ...size, pixels: new Uint32Array(48 * 32).fill(0x010101 * grey) }))
const large = writeJpeg({ width: 1920, height: 1080, pixels: new Uint32Array(1920 * 1080) })
const video = writeAvi(jpegs, { ...size, fps: 25 })
const AVI = `${SCAN}/dev3/images/scan_video.avi`
let entry: DatasetEntry

beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'ikea-asm')
})

afterEach(() => vi.unstubAllEnvs())

describe('image files', () => {
  test('are the frames of their numbers, from 0', async () => {
    const { images, clips } = await filmOf(imageFiles([0, 1, 2]), { labels: 3 })
    expect(images).toEqual([0, 1, 2].map((frame) => ({
      frame, path: `${SCAN}/dev3/images/00000${frame}.jpg`, ...size, pts: null, hash: `sha256:${sha256(jpegs[frame]!)}`, bytes: jpegs[frame]!.length,
      data: null,
    })))
    expect(clips).toMatchObject([{ id: `ikea-asm/${SCAN}/dev3`, source: 'labels', frames: 3, flags: ['frame-size-mismatch', 'not-in-split'] }])
  })

  test('of the size that coordinates speak of are not flagged', async () => {
    expect((await filmOf({ [`${SCAN}/dev3/images/000000.jpg`]: large }, { labels: 1 })).clips[0]!.flags).toEqual(['not-in-split'])
  })

  test.each([[[0, 1, 2, 3], 3], [[0, 1], 2], [[0, 2, 3], 2]])('that are %j of 3 frames are flagged, the labels stay as they are', async (numbers, count) => {
    const { images, clips } = await filmOf(imageFiles(numbers), { labels: 3 })
    expect(images).toHaveLength(count)
    expect(clips).toMatchObject([{ frames: 3, flags: ['frame-count-mismatch', 'frame-size-mismatch', 'not-in-split'] }])
  })

  test('say how long a film without labels and poses is', async () => {
    expect((await filmOf(imageFiles([0, 1, 2, 3]), { labels: 0 })).clips).toMatchObject([{ frames: 4 }])
  })

  test('come before a video of them, and a film without any says so', async () => {
    const files = { ...imageFiles([0, 1]), [AVI]: video, [`${SCAN}/dev1/pose2d/000000.json`]: '[' }
    expect((await filmOf(files, { labels: 2 })).images![0]).toMatchObject({ path: `${SCAN}/dev3/images/000000.jpg` })
    expect((await filmOf(files, { labels: 2, camera: 'dev1' })).clips[0]!.flags).toEqual(['frames-missing', 'not-in-split'])
  })

  test('are left alone when nobody wants them', async () => {
    const film = await filmOf({ ...imageFiles([0, 1]), [AVI]: video }, { labels: 3, frames: 'none' })
    expect(film).toMatchObject({ images: null, clips: [{ flags: ['not-in-split'] }] })
  })
})

describe.skipIf(!ffmpegHere)('a video (needs ffmpeg)', () => {
  test('by reference: when each frame is shown, and the hash of its pixels', async () => {
    const { images, clips } = await filmOf({ [AVI]: video }, { labels: 4 })
    const file = join(mkdtempSync(join(tmpdir(), 'posetta-ikea-')), 'a.avi')
    writeFileSync(file, video)
    const { hashes, pixelFormat } = await probeVideo(file)
    expect(new Set(hashes).size).toBe(5)
    expect(images).toEqual([0, 1, 2, 3].map((frame) => ({
      frame, path: AVI, ...size, pts: frame / 25, hash: `md5:${pixelFormat}:${hashes[frame]}`, bytes: null, data: null })))
    expect(clips[0]!.flags).toEqual(['frame-count-mismatch', 'frame-size-mismatch', 'not-in-split'])
  })

  test('embedded: the JPEGs of a Motion JPEG video, untouched', async () => {
    const { images } = await filmOf({ [AVI]: video }, { labels: 3, frames: 'embed' })
    expect(images!.map(({ data }) => sha256(data!))).toEqual(jpegs.slice(0, 3).map((jpeg) => sha256(jpeg)))
    expect(images![1]).toMatchObject({ pts: 0.04, bytes: jpegs[1]!.length, hash: `sha256:${sha256(jpegs[1]!)}` })
  })

  test('as a proxy, of all its frames, even where image files are', async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'posetta-ikea-'))
    const { images, proxy } = await filmOf({ ...imageFiles([0]), [AVI]: video }, { labels: 5, frames: 'proxy', scratch })
    expect(proxy!.frames).toBe(5)
    expect((await probeVideo(proxy!.file)).frames).toBe(5)
    expect(proxy!.file.startsWith(scratch)).toBe(true)
    expect(images).toHaveLength(5)
  })

  test('that is cut off is set aside whole; labels and poses are read', async () => {
    const { images, clips, quarantined } = await filmOf({ [AVI]: video.subarray(0, -900) }, { labels: 5 })
    expect(images).toBeNull()
    expect(quarantined).toMatchObject([{ source: AVI, code: 'E_VIDEO_SHORT' }])
    expect(clips).toMatchObject([{ frames: 5, flags: ['not-in-split', 'video-quarantined'] }])
  })
})

test('a video without ffmpeg is set aside with the way to get it in', async () => {
  vi.stubEnv('PATH', '/nowhere')
  const { clips, quarantined } = await filmOf({ [AVI]: video }, { labels: 5 })
  expect(quarantined.map(({ source, code, message }) => [source, code, message])).toEqual([
    [AVI, 'E_FFMPEG_MISSING', 'video "scan_video.avi" needs ffprobe, which is not to be found on this machine']])
  expect(quarantined[0]!.readmit).toMatch(/^install ffmpeg 5.1 or newer/)
  expect(clips).toMatchObject([{ frames: 5 }])
})

function imageFiles(numbers: readonly number[]): Record<string, Uint8Array> {
  return Object.fromEntries(numbers.map((number) => [`${SCAN}/dev3/images/00000${number}.jpg`, jpegs[number]!]))
}

/** A film of a scan of so many labelled frames. */
async function filmOf(
  files: Readonly<Record<string, unknown>>,
  { labels, frames = 'reference', camera = 'dev3', scratch = null }: { labels: number; frames?: FramesMode; camera?: string; scratch?: string | null },
): Promise<FilmRead> {
  const gtAction = labels === 0 ? {} : { 'gt_action.npy': gtActionFile(Array.from({ length: labels }, () => 0)) }
  const context = { ...contextOf(entry, ikeaFolder({ ...gtAction, ...files }), { frames }), scratch }
  const { items } = await ikeaAsm.discover(context)
  return ikeaAsm.read(context, items.find(({ facts }) => facts.camera === camera)!)
}
