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

  test('that says it is larger than any picture, or than its rows are, is refused', () => {
    const sized = (width: number): Buffer => {
      const file = Buffer.from(whole)
      file.writeUInt32BE(width, 16)
      return file
    }
    expect(() => decodePng(sized(2 ** 31))).toThrow('its header says 2147483648 x 19 px')
    expect(() => decodePng(sized(24))).toThrow('its rows have 1330 bytes in place of 1387')
    expect(() => decodePng(sized(9))).toThrow('its rows are damaged, or more than 532 bytes')
  })

  test('whose palette is damaged is refused', () => {
    const palette = Buffer.from(pictures.find(({ name }) => name === 'palette')!.png, 'base64')
    palette[palette.indexOf('PLTE') + 5]! ^= 1
    expect(() => decodePng(palette)).toThrow('its palette is damaged')
  })

  test('that is interlaced is refused', () => {
    const interlaced = Buffer.from(whole)
    interlaced[28] = 1
    expect(() => decodePng(interlaced)).toThrow('a PNG of colour type 2, 8 bits, interlaced, is not read here')
  })
})
