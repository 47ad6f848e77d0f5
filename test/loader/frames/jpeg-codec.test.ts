import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { writeJpeg } from '../../../src/ingest/synthetic/jpeg-writer.ts'
import { decodeJpeg, decodeJpegInto } from '../../../src/loader/frames/jpeg-codec.ts'
import { jpegSize } from '../../../src/loader/frames/jpeg-header.ts'
import { randomAt } from '../../../src/random.ts'
import { jpegHere } from '../../jpeg.ts'
import { exampleClip } from '../../transforms/examples.ts'
import { root } from '../../sources.ts'
import { dots } from './films.ts'

const folder = mkdtempSync(join(tmpdir(), 'posetta-codec-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('without the package of the decoder, asking for pictures says how to get it', () => {
  // a copy of what is built, far from node_modules
  for (const name of ['errors.js', 'loader/frames/jpeg-codec.js', 'loader/frames/decoding-gate.js', 'loader/frames/jpeg-header.js', 'loader/frames/image-fault.js', 'loader/frames/warp.js']) cpSync(join(root, 'dist', name), join(folder, name))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const program = `const { decodeJpeg } = await import('./loader/frames/jpeg-codec.js')
    try { decodeJpeg(Buffer.from('ffd8ffc0000b080001000101011100ffd9', 'hex')) } catch ({ code, message, hint }) { console.log(JSON.stringify({ code, message, hint })) }`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { cwd: folder, encoding: 'utf8' })
  expect(JSON.parse(stdout)).toEqual({
    code: 'E_JPEG_DECODER', message: 'JPEG files cannot be decoded: the package @julusian/jpeg-turbo does not load on this machine',
    hint: 'npm install --include=optional; it has binaries for Linux, macOS and Windows on x64 and arm64' })
})

describe.skipIf(!jpegHere)('a JPEG (@julusian/jpeg-turbo must be there)', () => {
  const clip = exampleClip()
  const whole = writeJpeg(dots(clip, 0, 20))
  const size = { width: 320, height: 240 }
  const out = new Uint8Array(320 * 240 * 3)
  /** Where its frame header gives the height, then the width. */
  const sizeAt = whole.indexOf(Buffer.from('00f00140', 'hex'))

  test('has the size of its header', () => {
    expect(jpegSize(whole)).toEqual(size)
    expect(decodeJpegInto(whole, size, out)).toEqual(size)
  })

  test('of another size than expected leaves what it was to be put into alone', () => {
    out.fill(7)
    const wrong = Buffer.from(whole)
    // 21,846 x 65,535 px times 3 is 65,534 more than 2^32: in 32 bits there seems to be room
    wrong.writeUInt16BE(21_846, sizeAt)
    wrong.writeUInt16BE(65_535, sizeAt + 2)
    expect(decodeJpegInto(wrong, size, out)).toEqual({ width: 65_535, height: 21_846 })
    expect(out.every((byte) => byte === 7)).toBe(true)
    expect(() => decodeJpeg(wrong)).toThrow('its header says 65535 x 21846 px')
  })

  test('that is damaged anywhere is decoded or refused, and nothing else', () => {
    const random = randomAt({ seed: 1 })
    const outcomes = Array.from({ length: 500 }, () => {
      const damaged = Buffer.from(whole).subarray(0, random.integer(4) === 0 ? random.integer(whole.length) : whole.length)
      for (let times = random.integer(4); times >= 0 && damaged.length > 0; times--) damaged[random.integer(random.integer(2) === 0 ? Math.min(700, damaged.length) : damaged.length)] = random.integer(256)
      try {
        decodeJpegInto(damaged, size, out)
        return 'decoded'
      } catch (error) {
        return (error as Error).constructor.name
      }
    })
    expect(new Set(outcomes)).toEqual(new Set(['decoded', 'ImageFault']))
  })
})
