import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { extractFrames } from '../../../src/ingest/readers/video-extract.ts'
import { transcodeProxy } from '../../../src/ingest/readers/video-proxy.ts'
import { probeVideo } from '../../../src/ingest/readers/video.ts'
import { ffmpegHere, numberIn, runFfmpeg, writeNumbered } from '../../ffmpeg.ts'

const folder = mkdtempSync(join(tmpdir(), 'posetta-video-'))
const at = (name: string): string => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true }))

describe.skipIf(!ffmpegHere)('writes proxies of videos (needs ffmpeg)', () => {
  const h264 = ['-c:v', 'libx264', '-bf', '3', '-g', '250', '-crf', '10', '-pix_fmt', 'yuv420p']
  beforeAll(() => {
    writeNumbered(at('long.mp4'), 40, h264)
    writeNumbered(at('pauses.mkv'), 8, ['-vf', "setpts='(N+gte(N,4)*5)/25/TB'", '-fps_mode', 'passthrough', '-enc_time_base', '1/1000', ...h264])
    writeNumbered(at('mjpeg.avi'), 20, ['-c:v', 'mjpeg', '-q:v', '2'])
  })

  test('same frames in the same order, small, a key frame every 15', async () => {
    const proxy = await transcodeProxy(at('long.mp4'), at('proxy.mp4'), { shortSide: 24 })
    expect(proxy).toEqual(await probeVideo(at('proxy.mp4')))
    expect(proxy).toMatchObject({
      frames: 40, width: 32, height: 24, codec: 'h264', pts: Array.from({ length: 40 }, (_, frame) => frame * 512), keyTimes: [0, 15 * 512, 30 * 512] })
    const numbers: number[] = []
    for await (const frame of extractFrames(at('proxy.mp4'), { format: 'rgb24' })) numbers.push(numberIn(frame, proxy))
    expect(numbers).toEqual(Array.from({ length: 40 }, (_, frame) => frame))
  })

  test('no B-frames: decoded in the order in which they are shown', async () => {
    await transcodeProxy(at('mjpeg.avi'), at('plain.mp4'))
    const text = Buffer.from(runFfmpeg(['-i', at('plain.mp4'), '-c', 'copy', '-f', 'framecrc', 'pipe:1'])).toString()
    const packets = [...text.matchAll(/^0, *(\d+), *(\d+),/gm)]
    expect(packets.length).toBe(20)
    expect(packets.filter(([, dts, pts]) => dts !== pts)).toEqual([])
  })

  test('the same bytes again', async () => {
    await transcodeProxy(at('mjpeg.avi'), at('one.mp4'))
    await transcodeProxy(at('mjpeg.avi'), at('two.mp4'))
    expect(readFileSync(at('one.mp4')).equals(readFileSync(at('two.mp4')))).toBe(true)
  })

  test('a variable frame rate keeps its pauses', async () => {
    const { pts, timeBase } = await transcodeProxy(at('pauses.mkv'), at('pauses.mp4'))
    expect(pts.map((ticks) => (ticks * timeBase.num * 1000) / timeBase.den)).toEqual([0, 40, 80, 120, 360, 400, 440, 480])
  })

  test('frames that are not those of the file: nothing is written', async () => {
    const video = await probeVideo(at('mjpeg.avi'))
    const claimed = { ...video, frames: 21, pts: [...video.pts, 20] }
    await expect(transcodeProxy(at('mjpeg.avi'), at('other.mp4'), { video: claimed })).rejects.toMatchObject({
      code: 'E_VIDEO_FRAMES', message: 'the proxy of video "mjpeg.avi" has 20 frames, the video has 21', frames: 20, promised: 21 })
    const late = { ...video, pts: video.pts.map((ticks, frame) => (frame < 5 ? ticks : ticks + 1)) }
    await expect(transcodeProxy(at('mjpeg.avi'), at('other.mp4'), { video: late })).rejects.toMatchObject({
      code: 'E_VIDEO_FRAMES', message: 'frame 5 of video "mjpeg.avi" comes 0.24 s after the first, in its proxy 0.2 s' })
    expect(readdirSync(folder).filter((name) => name.startsWith('other'))).toEqual([])
  })

  test('a full disk', async () => {
    writeFileSync(at('full'), '#!/bin/sh\nfor last; do :; done\ncase "$last" in *.tmp) set -- "$@" -f rawvideo /dev/full;; esac\nexec ffmpeg "$@"\n')
    chmodSync(at('full'), 0o755)
    await expect(transcodeProxy(at('mjpeg.avi'), at('full.mp4'), { programs: { ffmpeg: at('full'), ffprobe: 'ffprobe' } })).rejects.toMatchObject({
      code: 'E_DISK_FULL', exit: 4, message: `no space left on the disk of "${at('full.mp4')}"` })
    expect(readdirSync(folder).filter((name) => name.startsWith('full.mp4'))).toEqual([])
  })

  test('nowhere to write', async () => {
    await expect(transcodeProxy(at('mjpeg.avi'), at('none/proxy.mp4'))).rejects.toMatchObject({
      code: 'E_VIDEO_PROXY', exit: 4, message: `ffmpeg cannot write "${at('none/proxy.mp4')}": No such file or directory` })
  })

  test('a signal leaves nothing behind', async () => {
    const stop = new AbortController()
    const video = await probeVideo(writeNumbered(at('large.mp4'), 20, ['-vf', 'scale=1024:768', '-c:v', 'libx264', '-preset', 'ultrafast']))
    const writing = transcodeProxy(at('large.mp4'), at('stopped.mp4'), { video, shortSide: 768, signal: stop.signal })
    await expect.poll(() => existsSync(at('stopped.mp4.tmp')), { timeout: 60_000, interval: 10 }).toBe(true)
    stop.abort(new Error('enough'))
    await expect(writing).rejects.toThrow('enough')
    expect(readdirSync(folder).filter((name) => name.startsWith('stopped'))).toEqual([])
  })
})
