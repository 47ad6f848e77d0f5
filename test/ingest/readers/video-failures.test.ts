import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { extractFrames } from '../../../src/ingest/readers/video-extract.ts'
import { extractJpegs } from '../../../src/ingest/readers/video-jpegs.ts'
import { probeVideo } from '../../../src/ingest/readers/video.ts'
import { ffmpegHere, runFfmpeg, writeNumbered } from '../../ffmpeg.ts'

const folder = mkdtempSync(join(tmpdir(), 'posetta-video-'))
const at = (name: string): string => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true }))

describe('without ffmpeg', () => {
  test('says what to install, or how to do without', async () => {
    writeFileSync(at('scan_video.avi'), '')
    await expect(probeVideo(at('scan_video.avi'), { programs: { ffmpeg: at('ffmpeg'), ffprobe: at('ffprobe') } })).rejects.toMatchObject({
      code: 'E_FFMPEG_MISSING', message: 'video "scan_video.avi" needs ffprobe, which is not to be found on this machine',
      hint: 'install ffmpeg 5.1 or newer (apt install ffmpeg, brew install ffmpeg), or extract the frames on a machine that has it: '
        + `ffmpeg -noautorotate -i "${at('scan_video.avi')}" -fps_mode passthrough -start_number 0 -q:v 2 "${at('%06d.jpg')}"` })
  })

  test('no file', async () => {
    await expect(probeVideo(at('none.avi'))).rejects.toMatchObject({
      code: 'E_VIDEO_UNREADABLE', message: 'cannot read video "none.avi": there is no such file', frames: 0 })
  })

  test('a folder', async () => {
    await expect(probeVideo(folder)).rejects.toMatchObject({ code: 'E_VIDEO_UNREADABLE', message: expect.stringMatching(/: it is not a file$/) })
  })
})

describe.skipIf(!ffmpegHere)('videos that cannot be read whole (needs ffmpeg)', () => {
  beforeAll(() => {
    writeNumbered(at('mjpeg.avi'), 30, ['-c:v', 'mjpeg', '-q:v', '2'])
    writeNumbered(at('divx.avi'), 30, ['-c:v', 'mpeg4', '-vtag', 'DIVX', '-q:v', '2'])
    writeNumbered(at('h264.mp4'), 30, ['-c:v', 'libx264', '-bf', '3', '-g', '10', '-crf', '10', '-pix_fmt', 'yuv420p', '-bitexact', '-movflags', '+faststart'])
  })

  test('the command for those without ffmpeg extracts every frame', async () => {
    const hint = await probeVideo(at('mjpeg.avi'), { programs: { ffmpeg: 'ffmpeg', ffprobe: at('none') } }).catch((error: { hint: string }) => error.hint)
    execFileSync('sh', ['-c', `${String(hint).split('has it: ')[1]!} -v error`])
    expect(readFileSync(at('000000.jpg')).length).toBeGreaterThan(0)
    expect(readFileSync(at('000029.jpg')).length).toBeGreaterThan(0)
    expect(() => readFileSync(at('000030.jpg'))).toThrow('ENOENT')
  })

  test('neither a video nor anything', async () => {
    writeFileSync(at('words.avi'), 'hello, world')
    await expect(probeVideo(at('words.avi'))).rejects.toMatchObject({
      code: 'E_VIDEO_UNREADABLE', message: 'cannot read video "words.avi": Invalid data found when processing input' })
  })

  test('sound alone', async () => {
    runFfmpeg(['-f', 's16le', '-ar', '8000', '-ac', '1', '-i', 'pipe:0', at('sound.mkv')], Buffer.alloc(16000))
    await expect(probeVideo(at('sound.mkv'))).rejects.toMatchObject({
      code: 'E_VIDEO_UNREADABLE', message: 'cannot read video "sound.mkv": there are no pictures in it' })
  })

  test('cut off before its index', async () => {
    writeFileSync(at('cut.mp4'), readFileSync(at('h264.mp4')).subarray(0, 600))
    await expect(probeVideo(at('cut.mp4'))).rejects.toMatchObject({
      code: 'E_VIDEO_UNREADABLE', frames: 0, message: expect.stringMatching(/^cannot read video "cut.mp4": \[mov,/) })
  })

  test('cut off between two frames, which ffmpeg itself takes for the end', async () => {
    const bytes = readFileSync(at('mjpeg.avi'))
    writeFileSync(at('short.avi'), bytes.subarray(0, chunkStarts(bytes)[12]))
    await expect(probeVideo(at('short.avi'))).rejects.toMatchObject({
      code: 'E_VIDEO_SHORT', message: 'video "short.avi" says that it has 30 frames; 12 could be read', frames: 12, promised: 30 })
  })

  test('cut off inside a frame', async () => {
    const bytes = readFileSync(at('mjpeg.avi'))
    writeFileSync(at('torn.avi'), bytes.subarray(0, chunkStarts(bytes)[12]! + 100))
    await expect(probeVideo(at('torn.avi'))).rejects.toMatchObject({
      code: 'E_VIDEO_SHORT', frames: 12, promised: 30,
      message: 'video "torn.avi" says that it has 30 frames; 12 could be read; ffmpeg says: [mjpeg] No JPEG data found in image' })
  })

  test.each([['frames', (file: string) => extractFrames(file, { format: 'rgb24' })], ['JPEGs', (file: string) => extractJpegs(file, { quality: 2 })]])(
    'what is cut off ends in the same error for its %s, after the frames that are there', async (_, extract) => {
      const bytes = readFileSync(at('mjpeg.avi'))
      writeFileSync(at('short.avi'), bytes.subarray(0, chunkStarts(bytes)[12]))
      let frames = 0
      await expect((async () => { for await (const _ of extract(at('short.avi'))) frames += 1 })()).rejects.toMatchObject({ code: 'E_VIDEO_SHORT', frames: 12 })
      expect(frames).toBe(12)
    })

  test('damaged in the middle: the frames that are left', async () => {
    const bytes = readFileSync(at('mjpeg.avi'))
    const start = chunkStarts(bytes)[12]!
    writeFileSync(at('damaged.avi'), bytes.fill(0, start + 8, start + 200))
    await expect(probeVideo(at('damaged.avi'))).rejects.toMatchObject({
      code: 'E_VIDEO_UNREADABLE', frames: 29, promised: 30,
      message: expect.stringMatching(/^video "damaged.avi" is damaged; 29 frames could be read; ffmpeg says: /) })
  })

  test('damage that ffmpeg paints over', async () => {
    const bytes = readFileSync(at('divx.avi'))
    const start = chunkStarts(bytes)[12]!
    writeFileSync(at('painted.avi'), bytes.fill(0x5a, start + 40, start + 80))
    await expect(probeVideo(at('painted.avi'))).rejects.toMatchObject({ code: 'E_VIDEO_UNREADABLE', message: expect.stringMatching(/ffmpeg says: \[mpeg4\] /) })
  })

  test('an ffmpeg before 5.1', async () => {
    writeFileSync(at('old'), `#!/bin/sh\necho "Unrecognized option 'fps_mode'." >&2\nexit 1\n`)
    chmodSync(at('old'), 0o755)
    await expect(probeVideo(at('mjpeg.avi'), { programs: { ffmpeg: at('old'), ffprobe: 'ffprobe' } })).rejects.toMatchObject({
      code: 'E_FFMPEG_OLD', message: "this ffmpeg is older than 5.1: Unrecognized option 'fps_mode'.", hint: 'install ffmpeg 5.1 or newer' })
  })
})

describe.skipIf(!ffmpegHere)('stopping (needs ffmpeg)', () => {
  const endless = (): { ffmpeg: string; ffprobe: string } => {
    writeFileSync(at('endless'), `#!/bin/sh\necho $$ > "${at('pid')}"\nexec cat /dev/zero\n`)
    chmodSync(at('endless'), 0o755)
    return { ffmpeg: at('endless'), ffprobe: 'ffprobe' }
  }
  const isRunning = (): boolean => {
    try {
      return process.kill(Number(readFileSync(at('pid'), 'utf8')), 0)
    } catch {
      return false
    }
  }

  test('a signal ends the program too', async () => {
    const stop = new AbortController()
    const frames = extractFrames(at('mjpeg.avi'), { format: 'gray', programs: endless(), signal: stop.signal })
    await frames.next()
    expect(isRunning()).toBe(true)
    stop.abort(new Error('enough'))
    await expect((async () => { for await (const _ of frames) { /* until it ends */ } })()).rejects.toThrow('enough')
    expect(isRunning()).toBe(false)
  })

  test('so does a consumer who leaves', async () => {
    for await (const frame of extractFrames(at('mjpeg.avi'), { format: 'gray', programs: endless() })) {
      expect(frame.length).toBe(64 * 48)
      break
    }
    expect(isRunning()).toBe(false)
  })

  test('a signal that came before starts nothing', async () => {
    const reason = new Error('not now')
    await expect(probeVideo(at('mjpeg.avi'), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  test('what nobody takes stays in ffmpeg: an endless one fills no memory', async () => {
    const frames = extractFrames(at('mjpeg.avi'), { format: 'gray', programs: endless() })
    await frames.next()
    const before = process.memoryUsage().arrayBuffers
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6)
    await frames.return(undefined)
  })
})

/** Where the chunks of pictures begin in an AVI file: `00dc`, then the length. */
function chunkStarts(bytes: Buffer): number[] {
  const starts: number[] = []
  const isChunk = (at: number): boolean => bytes.toString('latin1', at, at + 4) === '00dc'
  for (let at = bytes.indexOf('movi') + 4; isChunk(at); at += 8 + 2 * Math.ceil(bytes.readUInt32LE(at + 4) / 2)) starts.push(at)
  return starts
}
