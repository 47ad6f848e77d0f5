import { describe, expect, test } from 'vitest'
import { readPngSize } from '../../../src/ingest/readers/png-size.ts'

const SIGNATURE = '89504e470d0a1a0a'
/** Length, name, 640 x 480 px, 8 bits, colour; the checksum is that of Python's zlib.crc32, as are those below. */
const HEADER = '0000000d 49484452 00000280 000001e0 08 02 000000 bab34bb3'
const END = '00000000 49454e44 ae426082'

describe('reads', () => {
  test.each([
    ['grey', 0, '10ba8338', 1],
    ['colour', 2, 'bab34bb3', 3],
    ['a palette', 3, '020f2cd6', 3],
    ['grey with alpha', 4, '9fd8146f', 2],
    ['colour with alpha', 6, '35d1dce4', 4],
  ])('the size of a picture in %s', (_, type, crc, components) => {
    const header = `0000000d 49484452 00000280 000001e0 08 0${type} 000000 ${crc}`
    expect(readPngSize(bytesOf(SIGNATURE, header, END))).toEqual({ width: 640, height: 480, components })
  })

  test('through zeros after the end', () => {
    expect(readPngSize(bytesOf(SIGNATURE, HEADER, END, '0000'))).toMatchObject({ width: 640 })
  })
})

describe('refuses', () => {
  test.each([
    ['an empty file', '', 'E_PNG_NOT_PNG', 'the file is empty (0 bytes)', 0],
    ['a JPEG', 'ffd8ffe0', 'E_PNG_NOT_PNG', 'not a PNG: it begins with "ÿØÿà"', 0],
    ['a header cut off', `${SIGNATURE} 0000000d 4948`, 'E_PNG_CUT', 'the file ends at byte 14, inside its header of 33 bytes', 14],
    ['another chunk at first', `${SIGNATURE} ${END} ${HEADER}`, 'E_PNG_HEADER', 'the first chunk begins with 0000000049454e44, not with 0000000d49484452', 8],
    ['a header with a wrong checksum', `${SIGNATURE} 0000000d 49484452 00000281 000001e0 08 02 000000 bab34bb3 ${END}`, 'E_PNG_HEADER',
      'the checksum of the header is wrong', 29],
    ['no width', `${SIGNATURE} 0000000d 49484452 00000000 000001e0 08 02 000000 04dafb73 ${END}`, 'E_PNG_HEADER',
      'the header says 0 x 480 px of colour type 2', 16],
    ['no height', `${SIGNATURE} 0000000d 49484452 00000280 00000000 08 02 000000 0a805b85 ${END}`, 'E_PNG_HEADER',
      'the header says 640 x 0 px of colour type 2', 16],
    ['a width beyond the format', `${SIGNATURE} 0000000d 49484452 80000000 000001e0 08 02 000000 a4b0de64 ${END}`, 'E_PNG_HEADER',
      'the header says 2147483648 x 480 px of colour type 2', 16],
    ['a height beyond the format', `${SIGNATURE} 0000000d 49484452 00000280 80000000 08 02 000000 6cd55bca ${END}`, 'E_PNG_HEADER',
      'the header says 640 x 2147483648 px of colour type 2', 16],
    ['colour type 5', `${SIGNATURE} 0000000d 49484452 00000280 000001e0 08 05 000000 2764730a ${END}`, 'E_PNG_HEADER',
      'the header says 640 x 480 px of colour type 5', 16],
    ['a picture that breaks off', `${SIGNATURE} ${HEADER} 00000100 49444154 7801 0000`, 'E_PNG_CUT',
      'the end chunk IEND is missing: the picture breaks off at byte 43', 43],
  ])('%s', (_, hex, code, message, offset) => {
    expect(answer(bytesOf(hex))).toMatchObject({ code, message, offset })
  })
})

function bytesOf(...hex: readonly string[]): Uint8Array {
  return Buffer.from(hex.join('').replaceAll(' ', ''), 'hex')
}

function answer(bytes: Uint8Array): unknown {
  try {
    return readPngSize(bytes)
  } catch (error) {
    return error
  }
}
