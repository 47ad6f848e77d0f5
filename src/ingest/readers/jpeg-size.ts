import { FormatError } from './format-error.ts'

/** px; `components` is 1 for grey, 3 for colour, 4 for CMYK or colour with alpha. */
export type ImageSize = { readonly width: number; readonly height: number; readonly components: number }

/** Second bytes of markers, ITU-T T.81 table B.1: they begin a picture, a scan of it, and end it. */
const SOI = 0xd8
const SOS = 0xda
const EOI = 0xd9
const END = Uint8Array.of(0xff, EOI)

/**
 * The size of a JPEG from its frame header, without decoding; its segments must be whole up to the first scan and the end marker must follow it; what
 * cameras and editors leave behind the end is allowed. ITU-T T.81, annex B. Throws FormatError: E_JPEG_NOT_JPEG, E_JPEG_SEGMENT, E_JPEG_SIZE, E_JPEG_CUT.
 */
export function readJpegSize(bytes: Uint8Array): ImageSize {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) {
    const start = JSON.stringify(Buffer.from(bytes.subarray(0, 8)).toString('latin1'))
    throw new FormatError('E_JPEG_NOT_JPEG', bytes.length === 0 ? 'the file is empty (0 bytes)' : `not a JPEG: it begins with ${start}`, 0)
  }
  let size: ImageSize | null = null
  for (let at = 2; ;) {
    const { marker, start, end } = readSegment(bytes, at)
    if (isFrame(marker)) size = readFrame(bytes, start, end)
    if (marker === SOS) {
      checkEnd(bytes, end)
      break
    }
    at = end
  }
  if (size === null) throw new FormatError('E_JPEG_SIZE', 'a picture begins without a frame header that gives its size', bytes.length)
  return size
}

/** The segment at `at`: its marker behind any number of fill bytes, and where its data lies, the two bytes of its length left out. */
function readSegment(bytes: Uint8Array, at: number): { marker: number; start: number; end: number } {
  let code = at
  while (bytes[code] === 0xff) code++
  if (code >= bytes.length) throw new FormatError('E_JPEG_CUT', `the file ends at byte ${bytes.length}, before the picture begins`, bytes.length)
  const marker = bytes[code]!
  if (code === at || marker === 0 || marker === SOI || marker === EOI) {
    const found = Buffer.from(bytes.subarray(Math.max(at, code - 1), code + 1)).toString('hex')
    throw new FormatError('E_JPEG_SEGMENT', `no segment begins with ${found}, at byte ${code}`, code)
  }
  const start = code + 3
  if (hasNoData(marker)) return { marker, start: code + 1, end: code + 1 }
  const length = start > bytes.length ? 2 : bytes[code + 1]! * 256 + bytes[code + 2]!
  if (length < 2) throw new FormatError('E_JPEG_SEGMENT', `the segment at byte ${at} has a length of ${length}, which counts its own 2 bytes`, at)
  const end = code + 1 + length
  if (end > bytes.length) {
    throw new FormatError('E_JPEG_CUT', `the segment at byte ${at} has ${length} bytes, ${bytes.length - code - 1} are left`, at)
  }
  return { marker, start, end }
}

/** TEM and the restart markers stand alone. */
function hasNoData(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)
}

/** SOF0 to SOF15; DHT, JPG and DAC lie among them. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

/** Precision, height, width, and three bytes for each component. */
function readFrame(bytes: Uint8Array, start: number, end: number): ImageSize {
  const components = end - start < 6 ? 0 : bytes[start + 5]!
  if (components < 1 || components > 4 || end - start !== 6 + 3 * components) {
    throw new FormatError('E_JPEG_SEGMENT', `the frame header at byte ${start} has ${end - start} bytes for ${components} components`, start)
  }
  const height = bytes[start + 1]! * 256 + bytes[start + 2]!
  const width = bytes[start + 3]! * 256 + bytes[start + 4]!
  if (width === 0 || height === 0) throw new FormatError('E_JPEG_SIZE', `the frame header at byte ${start} says ${width} x ${height} px`, start)
  return { width, height, components }
}

/** In the data of a scan every FF is followed by a 0 or a restart marker, so that the end marker is found nowhere in a picture that was cut. */
function checkEnd(bytes: Uint8Array, scan: number): void {
  if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf(END) >= scan) return
  let end = bytes.length
  while (bytes[end - 1] === 0) end--
  throw new FormatError('E_JPEG_CUT', `the end marker ffd9 is missing: the picture breaks off at byte ${end}`, end, { hint: 'download or extract it again' })
}
