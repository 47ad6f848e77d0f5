import jpeg from 'jpeg-js'
import { describe, expect, test } from 'vitest'
import { FormatError } from '../../../src/ingest/readers/format-error.ts'
import { readJpegSize } from '../../../src/ingest/readers/jpeg-size.ts'

/** Start, frame header of 8 bits, 480 x 640 px (height first), the header of one scan, a byte of it, end. */
const START = 'ffd8'
const BASELINE = 'ffc0000b 08 01e0 0280 01 011100'
const SCAN = 'ffda0008 01 0100 003f00 d2'
const END = 'ffd9'

describe('reads', () => {
  test.each([[1, 1], [16, 16], [37, 300], [1000, 9]])('the %i x %i px that jpeg-js wrote, in colour', (width, height) => {
    expect(readJpegSize(encode(width, height))).toEqual({ width, height, components: 3 })
  })

  test('a grey picture of 640 x 480 px', () => {
    expect(readJpegSize(bytesOf(START, BASELINE, SCAN, END))).toEqual({ width: 640, height: 480, components: 1 })
  })

  test('a progressive one behind application data, comments, tables and a restart interval', () => {
    const progressive = 'ffc20011 08 0438 0780 03 012200 021101 031101'
    const bytes = bytesOf(START, 'ffe00010 4a46494600010100000100010000', 'fffe0005 ffd900', 'ffc40003 00', 'ffcc0003 00', 'ffc80003 00', 'ffdd0004 0010',
      progressive, SCAN, END)
    expect(readJpegSize(bytes)).toEqual({ width: 1920, height: 1080, components: 3 })
  })

  test('past fill bytes and markers without data', () => {
    expect(readJpegSize(bytesOf(START, 'ffffff01', 'ffd0', 'ffffff', BASELINE.slice(2), SCAN, END))).toMatchObject({ width: 640 })
  })

  test('the picture itself, not the thumbnail in its application data', () => {
    const thumbnail = [START, 'ffc0000b 08 0008 0008 01 011100', SCAN, END].join('')
    const length = (2 + thumbnail.replaceAll(' ', '').length / 2).toString(16).padStart(4, '0')
    expect(readJpegSize(bytesOf(START, `ffe1${length}`, thumbnail, BASELINE, SCAN, END))).toMatchObject({ width: 640, height: 480 })
  })

  test('through zeros and whatever a camera left after the end', () => {
    expect(readJpegSize(bytesOf(START, BASELINE, SCAN, END, '00000000'))).toMatchObject({ width: 640 })
    expect(readJpegSize(bytesOf(START, BASELINE, SCAN, END, '53616d73756e67'))).toMatchObject({ width: 640 })
  })
})

describe('refuses', () => {
  test.each([
    ['an empty file', '', 'E_JPEG_NOT_JPEG', 'the file is empty (0 bytes)', 0],
    ['a GIF', '474946383961', 'E_JPEG_NOT_JPEG', 'not a JPEG: it begins with "GIF89a"', 0],
    ['only a start', START, 'E_JPEG_CUT', 'the file ends at byte 2, before the picture begins', 2],
    ['a length cut in two', `${START} ffe000`, 'E_JPEG_CUT', 'the segment at byte 2 has 2 bytes, 1 are left', 2],
    ['a segment cut', `${START} ffe00010 4a46`, 'E_JPEG_CUT', 'the segment at byte 2 has 16 bytes, 4 are left', 2],
    ['a length below its own', `${START} ffe00001`, 'E_JPEG_SEGMENT', 'the segment at byte 2 has a length of 1, which counts its own 2 bytes', 2],
    ['text where a segment should be', `${START} 68656c6c6f`, 'E_JPEG_SEGMENT', 'no segment begins with 68, at byte 2', 2],
    ['a second start', `${START} ffd8`, 'E_JPEG_SEGMENT', 'no segment begins with ffd8, at byte 3', 3],
    ['an end before the picture', `${START} ${BASELINE} ffd9`, 'E_JPEG_SEGMENT', 'no segment begins with ffd9, at byte 16', 16],
    ['a zero for a marker', `${START} ffff00`, 'E_JPEG_SEGMENT', 'no segment begins with ff00, at byte 4', 4],
    ['a scan of no frame', `${START} ${SCAN} ${END}`, 'E_JPEG_SIZE', 'a picture begins without a frame header that gives its size', 15],
    ['no width', `${START} ffc0000b 08 01e0 0000 01 011100`, 'E_JPEG_SIZE', 'the frame header at byte 6 says 0 x 480 px', 6],
    ['no height', `${START} ffc0000b 08 0000 0280 01 011100`, 'E_JPEG_SIZE', 'the frame header at byte 6 says 640 x 0 px', 6],
    ['a frame header of no bytes', `${START} ffc00002`, 'E_JPEG_SEGMENT', 'the frame header at byte 6 has 0 bytes for 0 components', 6],
    ['five components', `${START} ffc00017 08 01e0 0280 05 011100011100011100011100011100`, 'E_JPEG_SEGMENT',
      'the frame header at byte 6 has 21 bytes for 5 components', 6],
    ['components that are not there', `${START} ffc0000b 08 01e0 0280 03 011100`, 'E_JPEG_SEGMENT',
      'the frame header at byte 6 has 9 bytes for 3 components', 6],
    ['a scan that breaks off', `${START} ${BASELINE} ${SCAN} 0000`, 'E_JPEG_CUT', 'the end marker ffd9 is missing: the picture breaks off at byte 26', 26],
  ])('%s', (_, hex, code, message, offset) => {
    expect(answer(bytesOf(hex))).toMatchObject({ code, message, offset })
  })

  test('a real picture cut anywhere', () => {
    const bytes = encode(40, 30)
    const answers = Array.from({ length: bytes.length }, (_, length) => answer(bytes.subarray(0, length)))
    expect(answers.filter((answer) => !(answer instanceof FormatError))).toEqual([])
  })
})

function encode(width: number, height: number): Uint8Array {
  return jpeg.encode({ width, height, data: Buffer.from(Array.from({ length: width * height * 4 }, (_, at) => (at * 7) % 256)) }, 90).data
}

function bytesOf(...hex: readonly string[]): Uint8Array {
  return Buffer.from(hex.join('').replaceAll(' ', ''), 'hex')
}

function answer(bytes: Uint8Array): unknown {
  try {
    return readJpegSize(bytes)
  } catch (error) {
    return error
  }
}
