import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import jpeg from 'jpeg-js'
import { expect, test } from 'vitest'
import { writeAvi } from '../../../src/ingest/synthetic/ikea-asm/ikea-avi-writer.ts'

const hasFfmpeg = ['ffprobe', 'ffmpeg'].every((tool) => spawnSync(tool, ['-version']).status === 0)
const pictures = [20, 90, 160, 230].map((grey) => jpeg.encode({ width: 48, height: 27, data: Buffer.alloc(48 * 27 * 4, grey) }, 90).data)
const file = join(mkdtempSync(join(tmpdir(), 'posetta-avi-')), 'scan_video.avi')
writeFileSync(file, writeAvi(pictures, { width: 48, height: 27, fps: 25 }))

test.skipIf(!hasFfmpeg)('ffprobe finds a video of 25 frames per second with every frame a key frame', () => {
  const { stdout, stderr } = spawnSync('ffprobe', ['-v', 'error', '-count_frames', '-show_streams', '-show_packets', '-of', 'json', file], { encoding: 'utf8' })
  expect(stderr).toBe('')
  const { streams, packets } = JSON.parse(stdout) as { streams: object[]; packets: { pts: number; flags: string }[] }
  expect(streams).toHaveLength(1)
  expect(streams[0]).toMatchObject({
    codec_name: 'mjpeg', codec_tag_string: 'MJPG', width: 48, height: 27, r_frame_rate: '25/1', avg_frame_rate: '25/1', nb_frames: '4', nb_read_frames: '4',
    duration: '0.160000',
  })
  expect(packets.map(({ pts, flags }) => [pts, flags[0]])).toEqual([[0, 'K'], [1, 'K'], [2, 'K'], [3, 'K']])
})

test.skipIf(!hasFfmpeg)('ffmpeg decodes the pictures in their order, and finds one by the index', () => {
  const grey = (args: readonly string[]): number[] => {
    const { stdout } = spawnSync('ffmpeg', ['-v', 'error', ...args, '-f', 'rawvideo', '-pix_fmt', 'gray', '-'])
    return Array.from({ length: stdout.length / (48 * 27) }, (_, frame) => stdout[frame * 48 * 27 + 700]!)
  }
  const near = (values: readonly number[]): number[] => values.map((value) => Math.round((value - 20) / 70) * 70 + 20)
  expect(near(grey(['-i', file]))).toEqual([20, 90, 160, 230])
  expect(near(grey(['-ss', '0.08', '-i', file]))).toEqual([160, 230])
})

test('the index names where each picture lies, from the letters movi, and how long it is', () => {
  const bytes = readFileSync(file)
  const [movi, index] = [bytes.indexOf('movi'), bytes.indexOf('idx1')]
  expect([bytes.readUInt32LE(4), bytes.readUInt32LE(index + 4)]).toEqual([bytes.length - 8, 16 * 4])
  for (const [frame, picture] of pictures.entries()) {
    const [at, length] = [bytes.readUInt32LE(index + 8 + 16 * frame + 8), bytes.readUInt32LE(index + 8 + 16 * frame + 12)]
    expect([bytes.toString('latin1', movi + at, movi + at + 4), length]).toEqual(['00dc', picture.length])
    expect(bytes.subarray(movi + at + 8, movi + at + 8 + length).equals(picture)).toBe(true)
  }
})
