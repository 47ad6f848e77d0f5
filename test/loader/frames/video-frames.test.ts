import { copyFileSync, mkdtempSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { probeVideo, type Video } from '../../../src/ingest/readers/video.ts'
import { type FrameOfVideo, framesOfVideo } from '../../../src/loader/frames/video-frames.ts'
import { ffmpegHere, NUMBERED, numberIn, writeNumbered } from '../../ffmpeg.ts'

describe.skipIf(!ffmpegHere)('frames of a video', () => {
  const folder = mkdtempSync(join(tmpdir(), 'posetta-video-'))
  let video: Video
  const listed = (...numbers: number[]): FrameOfVideo[] => numbers.map((frame) => ({
    frame, pts: (video.pts[frame]! * video.timeBase.num) / video.timeBase.den, hash: `md5:${video.pixelFormat}:${video.hashes[frame]}`,
  }))
  const numbersOf = async (frames: readonly FrameOfVideo[], file = video.file): Promise<number[][]> =>
    [...await framesOfVideo(file, frames)].map(([frame, picture]) => [frame, numberIn(picture.data, picture)])

  beforeAll(async () => {
    // open groups of pictures, frames that need later ones
    const file = writeNumbered(join(folder, 'a.mp4'), 120, ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-g', '25', '-bf', '3', '-x264-params', 'open-gop=1'])
    video = await probeVideo(file)
  })

  test('are the ones asked for, by number', async () => {
    expect(await numbersOf(listed(0, 1, 2, 60, 119))).toEqual([[0, 0], [1, 1], [2, 2], [60, 60], [119, 119]])
  })

  test('are the same after a jump', async () => {
    expect(await numbersOf(listed(77, 78, 90, 101))).toEqual([[77, 77], [78, 78], [90, 90], [101, 101]])
  })

  test('come without times and hashes, too', async () => {
    expect(await numbersOf([5, 99].map((frame) => ({ frame, pts: null, hash: null })))).toEqual([[5, 5], [99, 99]])
  })

  test('have the px of the video', async () => {
    const [[, { width, height, data }]] = [...await framesOfVideo(video.file, listed(3))] as [[number, { width: number; height: number; data: Uint8Array }]]
    expect({ width, height, bytes: data.length }).toEqual({ ...NUMBERED, bytes: 64 * 48 * 3 })
  })

  test('are found by their hash where times lie', async () => {
    expect(await numbersOf(listed(50, 51).map((frame) => ({ ...frame, pts: frame.pts! + 1 })))).toEqual([[50, 50], [51, 51]])
  })

  test('of another video are refused', async () => {
    const other = writeNumbered(join(folder, 'b.mp4'), 120, ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-crf', '40'])
    await expect(framesOfVideo(other, listed(7))).rejects.toMatchObject({ code: 'E_PICTURE_CHANGED', message: `the frames of video "${other}" are not those that were ingested` })
  })

  test('beyond its end are refused', async () => {
    await expect(framesOfVideo(video.file, [{ frame: 500, pts: null, hash: null }])).rejects.toMatchObject({ code: 'E_PICTURE_UNREADABLE', message: `video "${video.file}" cannot be decoded: it has no frame 500` })
  })

  test('of a damaged video are refused', async () => {
    const cut = join(folder, 'c.avi')
    const whole = writeNumbered(join(folder, 'd.avi'), 30, ['-c:v', 'mjpeg', '-q:v', '2'])
    copyFileSync(whole, cut)
    truncateSync(cut, 9000)
    await expect(framesOfVideo(cut, [{ frame: 29, pts: null, hash: null }])).rejects.toMatchObject({ code: 'E_PICTURE_UNREADABLE' })
  })
})
