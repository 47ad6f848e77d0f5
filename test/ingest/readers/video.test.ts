import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashFrames, probeVideo } from '../../../src/ingest/readers/video.ts'
import { ffmpegHere, runFfmpeg, writeNumbered, writeTurned } from '../../ffmpeg.ts'

const GOP10 = ['-c:v', 'libx264', '-bf', '3', '-g', '10', '-crf', '10', '-pix_fmt', 'yuv420p']

const folder = mkdtempSync(join(tmpdir(), 'posetta-video-'))
const at = (name: string): string => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true }))

describe.skipIf(!ffmpegHere)('reads videos (needs ffmpeg)', () => {
  beforeAll(() => {
    writeNumbered(at('mjpeg.avi'), 30, ['-c:v', 'mjpeg', '-q:v', '2'])
    writeNumbered(at('divx.avi'), 30, ['-c:v', 'mpeg4', '-vtag', 'DIVX', '-q:v', '2'])
    writeNumbered(at('h264.mp4'), 30, GOP10)
  })

  test('Motion JPEG in AVI', async () => {
    expect(await probeVideo(at('mjpeg.avi'))).toMatchObject({
      width: 64, height: 48, frames: 30, promised: 30, codec: 'mjpeg', fps: { num: 25, den: 1 }, timeBase: { num: 1, den: 25 }, rotation: 0,
      pts: Array.from({ length: 30 }, (_, frame) => frame) })
  })

  test('DIVX in AVI, as IKEA ASM has it', async () => {
    expect(await probeVideo(at('divx.avi'))).toMatchObject({
      frames: 30, codec: 'mpeg4', pixelFormat: 'yuv420p', pts: Array.from({ length: 30 }, (_, frame) => frame) })
  })

  test('H.264 with B-frames: times in order of presentation, not of decoding', async () => {
    expect(await probeVideo(at('h264.mp4'))).toMatchObject({
      frames: 30, codec: 'h264', timeBase: { num: 1, den: 12800 }, pts: Array.from({ length: 30 }, (_, frame) => frame * 512) })
  })

  test('B-frames in AVI, whose packets have no presentation times', async () => {
    const { frames, keyTimes, hashes } = await probeVideo(writeNumbered(at('b.avi'), 30, GOP10))
    expect({ frames, keyTimes }).toEqual({ frames: 30, keyTimes: null })
    expect(hashes).toEqual(await hashFrames(at('h264.mp4')))
  })

  test('a variable frame rate: every frame at its own time', async () => {
    const pauses = ['-vf', "setpts='(N+gte(N,4)*5)/25/TB'", '-fps_mode', 'passthrough', '-enc_time_base', '1/1000']
    const { pts, timeBase, fps } = await probeVideo(writeNumbered(at('variable.mkv'), 6, [...pauses, ...GOP10]))
    expect({ pts, timeBase }).toEqual({ pts: [0, 40, 80, 120, 360, 400], timeBase: { num: 1, den: 1000 } })
    expect(fps).not.toBeNull()
  })

  test('an edit list: the frames that are shown', async () => {
    runFfmpeg(['-ss', '0.5', '-i', at('h264.mp4'), '-c', 'copy', at('cut.mp4')])
    const { promised, discarded, hashes } = await probeVideo(at('cut.mp4'))
    expect(hashes).toEqual((await hashFrames(at('h264.mp4'))).slice(13))
    expect(promised! - discarded).toBe(hashes.length)
  })

  test('rotation as a fact beside the frames, which stay as stored', async () => {
    const { rotation, width, height, hashes } = await probeVideo(writeTurned(at('h264.mp4'), at('turned.mp4')))
    expect({ rotation, width, height }).toEqual({ rotation: 90, width: 64, height: 48 })
    expect(hashes).toEqual(await hashFrames(at('h264.mp4')))
  })

  test('names that look like options or addresses', async () => {
    const name = at('-i concat:%d "x".avi')
    writeFileSync(name, readFileSync(at('mjpeg.avi')))
    expect(await probeVideo(name)).toMatchObject({ frames: 30 })
  })

  test('not a playlist, which could name any file', async () => {
    writeFileSync(at('list.avi'), `ffconcat version 1.0\nfile '${at('mjpeg.avi')}'\n`)
    await expect(probeVideo(at('list.avi'))).rejects.toMatchObject({ code: 'E_VIDEO_UNREADABLE', message: expect.stringContaining('Format not on whitelist') })
  })
})
