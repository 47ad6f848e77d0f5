import { spawnSync } from 'node:child_process'
import { decode } from 'jpeg-js'
import { expect, test } from 'vitest'
import { writeJpeg } from '../../../src/ingest/synthetic/jpeg-writer.ts'

const [width, height] = [43, 21]
/** Flat on the left, a soft slope in the middle, hard edges and noise-like colours on the right. */
const rgb = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
  const [x, y, part] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width), at % 3]
  return x < 16 ? [200, 40, 90][part]! : x < 30 ? 8 * x - 5 * y : (x * 37 + y * 91 + part * 53) % 256
})
const bytes = writeJpeg({ width, height, pixels: Uint32Array.from({ length: width * height }, (_, at) => rgb[3 * at]! + 256 * rgb[3 * at + 1]! + 65536 * rgb[3 * at + 2]!) })

test('jpeg-js decodes it to what was drawn, within a few steps', () => {
  const { width: decodedWidth, height: decodedHeight, data } = decode(bytes)
  expect([decodedWidth, decodedHeight]).toEqual([width, height])
  const errors = Array.from(rgb, (value, at) => Math.abs(value - data[Math.floor(at / 3) * 4 + (at % 3)]!))
  expect([Math.max(...errors) < 25, errors.reduce((sum, error) => sum + error, 0) / errors.length < 4]).toEqual([true, true])
  expect(Math.max(...errors.filter((_, at) => Math.floor(at / 3) % width < 16))).toBeLessThanOrEqual(3)
})

test.skipIf(spawnSync('ffmpeg', ['-version']).status !== 0)('ffmpeg decodes it without a complaint, to the same', () => {
  const { stdout, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-f', 'jpeg_pipe', '-i', '-', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], { input: bytes })
  expect([stderr.toString(), stdout.length]).toEqual(['', rgb.length])
  expect(Math.max(...Array.from(rgb, (value, at) => Math.abs(value - stdout[at]!)))).toBeLessThan(25)
})
