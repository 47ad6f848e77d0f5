import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import jpeg from 'jpeg-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { frameAt } from '../../../src/ingest/readers/video-frame-at.ts'
import { extractFrames, type FrameForm } from '../../../src/ingest/readers/video-extract.ts'
import { extractJpegs } from '../../../src/ingest/readers/video-jpegs.ts'
import { probeVideo } from '../../../src/ingest/readers/video.ts'
import { ffmpegHere, numberedFrames, numberIn, runFfmpeg, writeNumbered, writeTurned } from '../../ffmpeg.ts'

const RGB: FrameForm = { format: 'rgb24' }
const upTo = (count: number): number[] => Array.from({ length: count }, (_, frame) => frame)

const folder = mkdtempSync(join(tmpdir(), 'posetta-video-'))
const at = (name: string): string => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true }))

describe.skipIf(!ffmpegHere)('takes frames out of videos (needs ffmpeg)', () => {
  const h264 = ['-c:v', 'libx264', '-bf', '3', '-g', '10', '-crf', '10', '-pix_fmt', 'yuv420p']
  beforeAll(() => {
    writeNumbered(at('mjpeg.avi'), 30, ['-c:v', 'mjpeg', '-q:v', '2'])
    writeNumbered(at('divx.avi'), 30, ['-c:v', 'mpeg4', '-vtag', 'DIVX', '-q:v', '2'])
    writeNumbered(at('h264.mp4'), 30, h264)
    writeNumbered(at('open.mkv'), 30, [...h264, '-x264-params', 'open-gop=1'])
    writeNumbered(at('b.avi'), 30, h264)
    writeNumbered(at('lossless.mp4'), 2, ['-c:v', 'libx264rgb', '-qp', '0'])
  })

  test.each(['mjpeg.avi', 'divx.avi', 'h264.mp4', 'open.mkv', 'b.avi'])('%s: every frame once, in order', async (name) => {
    expect((await all(extractFrames(at(name), RGB))).map((frame) => numberIn(frame))).toEqual(upTo(30))
  })

  test('lossless video: the very bytes that went in', async () => {
    expect(Buffer.concat(await all(extractFrames(at('lossless.mp4'), RGB))).equals(numberedFrames(2))).toBe(true)
  })

  test('scaled, the missing side by proportion', async () => {
    const [frame] = await all(extractFrames(at('lossless.mp4'), { format: 'rgb24', height: 24 }))
    expect(frame!.length).toBe(32 * 24 * 3)
    const frames = await all(extractFrames(at('h264.mp4'), { format: 'rgb24', width: 32, height: 32 }))
    expect(frames.map((frame) => numberIn(frame, { width: 32, height: 32 }))).toEqual(upTo(30))
  })

  test('gray: one byte per px, black 0 and white 255', async () => {
    const [, second] = await all(extractFrames(at('lossless.mp4'), { format: 'gray' }))
    expect([second!.length, second![4], second![12]]).toEqual([64 * 48, 255, 0])
  })

  test('not turned, as the hashes are not', async () => {
    expect((await all(extractFrames(writeTurned(at('h264.mp4'), at('turned.mp4')), RGB))).map((frame) => numberIn(frame))).toEqual(upTo(30))
  })

  describe('as JPEG', () => {
    test('Motion JPEG: its own bytes', async () => {
      const jpegs = await all(extractJpegs(at('mjpeg.avi'), { quality: 31 }))
      expect(Buffer.concat(jpegs).equals(runFfmpeg(['-i', at('mjpeg.avi'), '-c', 'copy', '-f', 'image2pipe', 'pipe:1']))).toBe(true)
      expect(jpegs.map(numberInJpeg)).toEqual(upTo(30))
    })

    test('other videos: one picture a frame, smaller as quality falls', async () => {
      const [best, small] = [await all(extractJpegs(at('h264.mp4'), { quality: 2 })), await all(extractJpegs(at('h264.mp4'), { quality: 31 }))]
      expect(best.map(numberInJpeg)).toEqual(upTo(30))
      expect(small.map(numberInJpeg)).toEqual(upTo(30))
      expect(Buffer.concat(small).length).toBeLessThan(Buffer.concat(best).length)
    })

    test('zeros that a camera put after the end of each picture stay with it', async () => {
      const pictures = (await all(extractJpegs(at('mjpeg.avi'), { quality: 2 }))).map((bytes) => Buffer.concat([bytes, Buffer.alloc(40)]))
      const headerOf = (bytes: Uint8Array): Buffer => Buffer.from(`--b\r\nContent-type: image/jpeg\r\nContent-length: ${bytes.length}\r\n\r\n`)
      const multipart = pictures.flatMap((bytes) => [headerOf(bytes), bytes, Buffer.from('\r\n')])
      runFfmpeg(['-f', 'mpjpeg', '-i', 'pipe:0', '-c', 'copy', at('padded.avi')], Buffer.concat(multipart))
      expect((await all(extractJpegs(at('padded.avi'), { quality: 2 }))).map((bytes) => Buffer.from(bytes))).toEqual(pictures)
    })
  })

  describe('one by its number', () => {
    // key frames are 0, 10, 20 or, in open groups, 0, 12, 22 with B-frames shown before and decoded after them
    test.each(['mjpeg.avi', 'divx.avi', 'h264.mp4', 'open.mkv', 'b.avi'])('%s: as in sequence', async (name) => {
      const video = await probeVideo(at(name))
      const frames = await all(extractFrames(at(name), RGB))
      for (const index of [0, 11, 20, 21, 29]) {
        expect(Buffer.compare(await frameAt(at(name), index, { ...RGB, video }), frames[index]!), `frame ${index}`).toBe(0)
      }
    })

    test('beyond the end', async () => {
      await expect(frameAt(at('h264.mp4'), 30, RGB)).rejects.toMatchObject({
        code: 'E_VIDEO_FRAMES', message: 'video "h264.mp4" has no frame 30: they are 0 to 29' })
    })

    test('of a file that is another one now', async () => {
      const video = await probeVideo(at('h264.mp4'))
      await expect(frameAt(at('divx.avi'), 3, { ...RGB, video })).rejects.toMatchObject({
        code: 'E_VIDEO_FRAMES', message: 'frame 3 of video "divx.avi" is not the one that was probed' })
    })
  })
})

async function all(frames: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const list: Uint8Array[] = []
  for await (const frame of frames) list.push(frame)
  return list
}

function numberInJpeg(bytes: Uint8Array): number {
  const { data, width, height } = jpeg.decode(bytes, { useTArray: true })
  return numberIn(data.filter((_, at) => at % 4 < 3), { width, height })
}
