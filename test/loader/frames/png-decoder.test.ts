import { describe, expect, test } from 'vitest'
import { sha256 } from '../../../src/hash.ts'
import { decodePng, isPng } from '../../../src/loader/frames/png-decoder.ts'
import { textOf } from '../../sources.ts'

/** Written by bench/peers/png_fixtures.py: files of Pillow, and the sha256 of the colours it reads in them. */
const { width, height, pictures } = JSON.parse(textOf('test/fixtures/png.json')) as {
  width: number; height: number; pictures: { name: string; png: string; sha256: string }[]
}
const whole = Buffer.from(pictures[0]!.png, 'base64')

describe('a PNG', () => {
  test.each(pictures)('of $name has the colours that Pillow reads', ({ png, sha256: expected }) => {
    const file = Buffer.from(png, 'base64')
    const decoded = decodePng(file)
    expect(isPng(file)).toBe(true)
    expect([decoded.width, decoded.height, sha256(decoded.data)]).toEqual([width, height, expected])
  })

  test('that is cut off is refused', () => {
    expect(() => decodePng(whole.subarray(0, whole.length - 20))).toThrow('the PNG is cut off')
  })

  test('that is interlaced is refused', () => {
    const interlaced = Buffer.from(whole)
    interlaced[28] = 1
    expect(() => decodePng(interlaced)).toThrow('a PNG of colour type 2, 8 bits, interlaced, is not read here')
  })
})
