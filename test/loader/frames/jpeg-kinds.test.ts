import { describe, expect, test } from 'vitest'
import { decodeJpeg } from '../../../src/loader/frames/jpeg-codec.ts'
import { jpegHere } from '../../jpeg.ts'
import { textOf } from '../../sources.ts'

/** Written by bench/peers/jpeg_fixtures.py: files of Pillow, and the colours it reads in them, [19, 23, 3]. */
const { width, height, pictures } = JSON.parse(textOf('test/fixtures/jpeg.json')) as {
  width: number; height: number; pictures: { name: string; jpeg: string; rgb: string }[]
}
const print = 'cyan, magenta, yellow and black'

describe.skipIf(!jpegHere)('a JPEG of another kind (@julusian/jpeg-turbo must be there)', () => {
  test.each(pictures.filter(({ name }) => name !== print))('has the colours that Pillow reads, to within a few: $name', ({ jpeg, rgb }) => {
    const decoded = decodeJpeg(Buffer.from(jpeg, 'base64'))
    const expected = Buffer.from(rgb, 'base64')
    expect([decoded.width, decoded.height, decoded.data.length]).toEqual([width, height, expected.length])
    const off = Array.from(expected, (value, at) => Math.abs(value - decoded.data[at]!))
    // the fast cosine transform in place of the accurate one: docs/decisions/022-pictures.md
    expect(Math.max(...off)).toBeLessThanOrEqual(6)
    expect(off.reduce((sum, value) => sum + value, 0) / off.length).toBeLessThan(1.5)
  })

  test('made for print is refused as that', () => {
    const { jpeg } = pictures.find(({ name }) => name === print)!
    expect(() => decodeJpeg(Buffer.from(jpeg, 'base64'))).toThrow('a JPEG of 4 colours, 8 bits each, is not read here')
  })
})
