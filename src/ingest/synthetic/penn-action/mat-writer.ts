import { constants, deflateSync } from 'node:zlib'
import { MI } from '../../readers/mat-elements.ts'

/** A variable to write; numbers in column order. */
export type MatInput =
  | { readonly name: string; readonly kind: 'text'; readonly text: string }
  | {
    readonly name: string
    readonly kind: 'double' | 'int32' | 'logical'
    readonly dims: readonly [number, number]
    readonly values: ArrayLike<number>
    /** Its zlib stream has neither a last block nor a checksum, as in Penn Action's 1605 and 1833. */
    readonly isUnfinished?: boolean
  }

/**
 * A MAT 5 file as MATLAB's `save -v7` writes it: one compressed element per variable, names and short data as small elements, whole-numbered doubles
 * as the smallest integers that hold them. Huffman coding only: the search for repeats differs between builds of zlib, and the same input has to give the
 * same bytes.
 */
export function writeMat(variables: readonly MatInput[], header: string): Buffer {
  const head = Buffer.alloc(128)
  head.write(header.padEnd(116).slice(0, 116), 'latin1')
  head.writeUInt16LE(0x0100, 124)
  head.write('IM', 126, 'latin1')
  return Buffer.concat([head, ...variables.flatMap((variable) => {
    const isUnfinished = variable.kind !== 'text' && variable.isUnfinished === true
    const finishFlush = isUnfinished ? constants.Z_SYNC_FLUSH : constants.Z_FINISH
    const packed = deflateSync(matrix(variable), { strategy: constants.Z_HUFFMAN_ONLY, finishFlush })
    return [words(MI.COMPRESSED, packed.length), packed]
  })])
}

function matrix(variable: MatInput): Buffer {
  const dims = variable.kind === 'text' ? [1, variable.text.length] : variable.dims
  const { code, data, type } = variable.kind === 'text' ? letters(variable.text) : numbers(variable.kind, variable.values)
  const name = Buffer.from(variable.name, 'latin1')
  const body = Buffer.concat([element(MI.UINT32, words(code, 0)), element(MI.INT32, words(...dims)), element(MI.INT8, name), element(type, data)])
  return Buffer.concat([words(MI.MATRIX, body.length), body])
}

/** Array class (with its flags), and values in the type they lie in. */
type Laid = { readonly code: number; readonly type: number; readonly data: Buffer }

function letters(text: string): Laid {
  return { code: 4, type: MI.UTF8, data: Buffer.from(text, 'utf8') }
}

function numbers(kind: 'double' | 'int32' | 'logical', values: ArrayLike<number>): Laid {
  switch (kind) {
    case 'int32': return { code: 12, type: MI.INT32, data: laidOut(Int32Array.from(values)) }
    case 'logical': return { code: 0x0209, type: MI.UINT8, data: laidOut(Uint8Array.from(values)) }
    default: return { code: 6, ...compacted(values) }
  }
}

function compacted(values: ArrayLike<number>): Omit<Laid, 'code'> {
  const doubles = Float64Array.from(values)
  const isWhole = doubles.every((value) => Number.isInteger(value) && !Object.is(value, -0))
  const fits = (low: number, high: number): boolean => isWhole && doubles.every((value) => value >= low && value <= high)
  if (fits(0, 255)) return { type: MI.UINT8, data: laidOut(Uint8Array.from(doubles)) }
  if (fits(0, 65535)) return { type: MI.UINT16, data: laidOut(Uint16Array.from(doubles)) }
  if (fits(-32768, 32767)) return { type: MI.INT16, data: laidOut(Int16Array.from(doubles)) }
  return { type: MI.DOUBLE, data: laidOut(doubles) }
}

function element(type: number, data: Buffer): Buffer {
  if (data.length > 0 && data.length <= 4) return Buffer.concat([words(type | (data.length << 16)), data, Buffer.alloc(4 - data.length)])
  return Buffer.concat([words(type, data.length), data, Buffer.alloc((8 - (data.length % 8)) % 8)])
}

function laidOut(values: Uint8Array | Uint16Array | Int16Array | Int32Array | Float64Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength)
}

function words(...values: readonly number[]): Buffer {
  return laidOut(Int32Array.from(values))
}
