import { FormatError } from './format-error.ts'

/** What an .npy file says of its array: numpy's name of the dtype, which axis is the nearest, its shape; its bytes begin at `start`. */
export type NpyHeader = { readonly descr: string; readonly isFortran: boolean; readonly shape: readonly number[]; readonly start: number }

/** numpy refuses longer ones too, unless it is told to trust the file. */
const MAX_HEADER = 10_000

/** Magic, version, length of the header, and the header: a dict of Python as text (numpy.lib.format). Throws FormatError. */
export function readNpyHeader(bytes: Uint8Array): NpyHeader {
  const { text, start } = headerText(bytes)
  const descr = field(text, /['"]descr['"]\s*:\s*['"]([^'"]*)['"]/, 'descr')
  const isFortran = field(text, /['"]fortran_order['"]\s*:\s*(True|False)/, 'fortran_order') === 'True'
  const shape = field(text, /['"]shape['"]\s*:\s*\(([\d\s,L]*)\)/, 'shape').split(',').map((part) => part.trim()).filter((part) => part !== '')
  return { descr, isFortran, shape: shape.map((part) => Number(part.replace(/L$/, ''))), start }
}

function headerText(bytes: Uint8Array): { text: string; start: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 10 || Buffer.from(bytes.subarray(0, 6)).toString('latin1') !== '\x93NUMPY') {
    throw new FormatError('E_NPY_NOT_NPY', 'not an .npy file: it does not begin with \\x93NUMPY', 0)
  }
  const version = view.getUint8(6)
  if (version < 1 || version > 3) throw new FormatError('E_NPY_VERSION', `.npy version ${version}; 1 to 3 are read`, 6)
  if (version > 1 && bytes.length < 12) throw new FormatError('E_NPY_SHORT', `a header length at byte 8 in a file of ${bytes.length} bytes`, 8)
  const [length, at] = version === 1 ? [view.getUint16(8, true), 10] : [view.getUint32(8, true), 12]
  if (at + length > bytes.length) throw new FormatError('E_NPY_SHORT', `a header of ${length} bytes, ${bytes.length - at} are left`, at)
  if (length > MAX_HEADER) throw new FormatError('E_NPY_HEADER', `a header of ${length} bytes, ${MAX_HEADER} are the most`, at)
  return { text: Buffer.from(bytes.subarray(at, at + length)).toString('utf8'), start: at + length }
}

function field(header: string, pattern: RegExp, name: string): string {
  const match = pattern.exec(header)
  if (match === null) throw new FormatError('E_NPY_HEADER', `no plain ${name} in the header ${JSON.stringify(header.slice(0, 80).trimEnd())}`, 10)
  return match[1]!
}
