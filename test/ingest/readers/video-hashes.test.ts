import { mkdtempSync, rmSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashFrames } from '../../../src/ingest/readers/video.ts'
import { ffmpegHere, runFfmpeg, writeNumbered } from '../../ffmpeg.ts'

const folder = mkdtempSync(join(tmpdir(), 'posetta-video-'))
const at = (name: string): string => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true }))

describe.skipIf(!ffmpegHere)('frame hashes show a decoder that returns the wrong frame (needs ffmpeg)', () => {
  let right: readonly string[]
  beforeAll(async () => {
    writeNumbered(at('video.mp4'), 20, ['-c:v', 'libx264', '-bf', '3', '-g', '10', '-crf', '10', '-pix_fmt', 'yuv420p', '-color_range', 'tv'])
    right = await hashFrames(at('video.mp4'))
  })

  /** The hashes of a decoder that does `filter` to what it decodes: raw pixels by another way than framehash, md5 by Node. */
  const decodedBy = (filter: string): string[] => {
    const raw = runFfmpeg(['-i', at('video.mp4'), '-vf', filter, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', 'pipe:1'])
    const bytes = (64 * 48 * 3) / 2
    return Array.from({ length: raw.length / bytes }, (_, frame) => createHash('md5').update(raw.subarray(frame * bytes, (frame + 1) * bytes)).digest('hex'))
  }
  const wrongIn = (hashes: readonly string[]): number[] => right.flatMap((hash, frame) => (hash === hashes[frame] ? [] : [frame]))
  const every = Array.from({ length: 20 }, (_, frame) => frame)

  test('the same frames have the same hashes, by whatever way they came', () => {
    expect(decodedBy('null')).toEqual(right)
  })

  test('no two of these frames have the same hash', () => {
    expect(new Set(right).size).toBe(20)
  })

  test.each([
    ['one frame early', 'trim=start_frame=1', every],
    ['one frame late', 'tpad=start=1:start_mode=clone', every.slice(1)],
    ['a stale frame in place of number 7', 'split[a][b];[a][b]freezeframes=first=7:last=7:replace=6', [7]],
    ['half turned', 'hflip,vflip', every],
    ['quarter turned', 'transpose=1', every],
    ['full instead of limited range', 'scale=in_range=tv:out_range=pc', every],
    ['backwards', 'reverse', every],
  ])('%s', (_, filter, wrong) => {
    expect(wrongIn(decodedBy(filter))).toEqual(wrong)
  })
})
