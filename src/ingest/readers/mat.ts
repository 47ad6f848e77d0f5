import { constants, inflateSync } from 'node:zlib'
import { FormatError } from './format-error.ts'
import { type Budget, type Element, MI, readElement, type Source } from './mat-elements.ts'
import { isSkipped, type MatSkipped, type MatVariable, readMatrix } from './mat-matrix.ts'

/** The variables of a MAT file, and the names and classes of those that are not read (sparse, struct, cell, object, function, opaque). */
export type MatFile = { readonly variables: ReadonlyMap<string, MatVariable>; readonly skipped: readonly MatSkipped[] }

/** The most that one file may inflate and unpack to, unless the caller says otherwise. */
const MAX_BYTES = 64 * 2 ** 20

/**
 * Reads a MATLAB level 5 MAT-file (`save -v6` and `-v7`), little-endian: MAT-File Format, The MathWorks.
 * Whatever the bytes are, it answers or throws FormatError; what it makes out of them stays within `maxBytes`.
 */
export function readMat(bytes: Uint8Array, { maxBytes = MAX_BYTES }: { maxBytes?: number } = {}): MatFile {
  const variables = new Map<string, MatVariable>()
  const skipped: MatSkipped[] = []
  for (const { variable, start } of walkMat(bytes, maxBytes)) {
    if (isSkipped(variable)) skipped.push(variable)
    else if (variables.has(variable.name)) throw new FormatError('E_MAT_DUPLICATE', `a second variable ${variable.name} at byte ${start}`, start)
    else variables.set(variable.name, variable)
  }
  return { variables, skipped }
}

/** The bytes [start, end) of the file that each variable takes, as it lies there: compressed, in most files. Throws what `readMat` throws. */
export function matSpans(bytes: Uint8Array): { readonly name: string; readonly start: number; readonly end: number }[] {
  return [...walkMat(bytes, MAX_BYTES)].map(({ variable: { name }, start, end }) => ({ name, start, end }))
}

function* walkMat(bytes: Uint8Array, maxBytes: number): Generator<{ readonly variable: MatVariable | MatSkipped; readonly start: number; readonly end: number }> {
  const source: Source = { bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), origin: 0, inflated: false }
  checkHeader(source.bytes)
  const budget: Budget = { left: maxBytes }
  for (let at = 128; at < source.bytes.length;) {
    const element = readElement(source, at, source.bytes.length, 'the element')
    yield { variable: readVariable(source, at, element, budget), start: at, end: element.next }
    at = element.next
  }
}

function readVariable(source: Source, at: number, element: Element, budget: Budget): MatVariable | MatSkipped {
  if (element.type === MI.MATRIX) return readMatrix(source, element, budget)
  if (element.type !== MI.COMPRESSED) throw new FormatError('E_MAT_ELEMENT', `an element of type ${element.type} at byte ${at} where a variable must be`, at)
  const inflated: Source = { bytes: inflate(source, at, element, budget), origin: at, inflated: true }
  const { length } = inflated.bytes
  const inner = length < 8 ? null : inflated.bytes.readUInt32LE(4) + 8
  if (inner === null || inner > length || inflated.bytes.readUInt32LE(0) !== MI.MATRIX) {
    const what = inner !== null && inner > length ? `${length} bytes of the ${inner} it should` : `${length} bytes that are no variable`
    throw new FormatError('E_MAT_SHORT', `the compressed element at byte ${at} inflates to ${what}`, at)
  }
  return readMatrix(inflated, { type: MI.MATRIX, start: 8, length: inner - 8, next: inner }, budget)
}

/** Some writers leave a stream without its last block (Penn Action's 1605 and 1833): what is there is taken, its length is checked by the caller. */
function inflate({ bytes }: Source, at: number, { start, length }: Element, budget: Budget): Buffer {
  try {
    const inflated = inflateSync(bytes.subarray(start, start + length), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: Math.max(1, budget.left) })
    budget.left -= inflated.length
    return inflated
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new FormatError('E_MAT_LARGE', `the compressed element at byte ${at} inflates to more than the ${budget.left} bytes allowed`, at, { cause })
    }
    throw new FormatError('E_MAT_INFLATE', `the compressed element at byte ${at} cannot be inflated: ${message}`, at, { cause })
  }
}

/** 116 bytes of text, 8 of subsystem offset, version 0x0100, `IM`. Anything else is called what it is. */
function checkHeader(bytes: Buffer): void {
  const hint = 'save it again in MATLAB with save(file, \'-v7\'), or with scipy.io.savemat'
  if (bytes.length === 0) throw new FormatError('E_MAT_NOT_MAT', 'the file is empty (0 bytes)', 0)
  const signature = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1')
  const mark = bytes.toString('latin1', 126, 128)
  const version = bytes.length < 128 ? 0 : mark === 'MI' ? bytes.readUInt16BE(124) : bytes.readUInt16LE(124)
  if (isText(bytes, 'MATLAB 7.3') || bytes.indexOf(signature) === 0 || version === 0x0200) {
    throw new FormatError('E_MAT_VERSION', 'a MATLAB 7.3 file, which is HDF5; only level 5 files are read', 0, { hint })
  }
  if (isLevel4(bytes)) throw new FormatError('E_MAT_VERSION', 'a MATLAB 4 file; only level 5 files are read', 0, { hint })
  if (bytes.length < 128 && isText(bytes, 'MATLAB 5')) {
    throw new FormatError('E_MAT_SHORT', `a MATLAB 5 header of ${bytes.length} bytes in place of 128`, bytes.length)
  }
  if (version === 0x0100 && mark === 'MI') throw new FormatError('E_MAT_ENDIAN', 'a big-endian MATLAB 5 file; only little-endian ones are read', 126, { hint })
  if (version !== 0x0100 || mark !== 'IM') {
    const start = JSON.stringify(bytes.toString('latin1', 0, 16))
    throw new FormatError('E_MAT_NOT_MAT', `not a MAT file: it begins with ${start}`, 0)
  }
}

function isText(bytes: Buffer, text: string): boolean {
  return bytes.toString('latin1', 0, text.length) === text
}

/** Level 4 begins with type (MOPT), rows, columns, whether complex, and the length of a name that ends in 0. */
function isLevel4(bytes: Buffer): boolean {
  if (bytes.length < 20) return false
  return (['readUInt32LE', 'readUInt32BE'] as const).some((read) => {
    const [type, complex, name] = [bytes[read](0), bytes[read](12), bytes[read](16)]
    return type < 5000 && Math.floor(type / 100) % 10 === 0 && type % 100 < 60 && type % 10 < 3 && complex < 2 && name > 0 && name < 256
      && bytes[19 + name] === 0
  })
}
