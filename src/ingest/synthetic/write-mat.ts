import { deflateSync } from 'node:zlib'

/** A variable of a label file: text, or numbers in column order. */
export type MatValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'numbers'; readonly class: 'double' | 'int32' | 'logical'; readonly dims: readonly [number, number]; readonly values: ArrayLike<number> }

const classes = { double: 6, int32: 12, logical: 9 } as const

/** A MATLAB level 5 MAT-file as Penn Action has them: compressed, whole doubles as the smallest integers that hold them, no date. Same variables, same bytes. */
export function writeMat(variables: Readonly<Record<string, MatValue>>): Buffer {
  const header = Buffer.alloc(128)
  header.write('MATLAB 5.0 MAT-file, Platform: none, written by Posetta: a synthetic twin, no recording'.padEnd(116), 'latin1')
  header.write('\x00\x01IM', 124, 'latin1')
  return Buffer.concat([header, ...Object.entries(variables).map(([name, value]) => compressed(matrix(name, value)))])
}

/** Stored, not squeezed: what deflate makes of the same bytes depends on the version of zlib. */
function compressed(element: Buffer): Buffer {
  const data = deflateSync(element, { level: 0 })
  return Buffer.concat([words(15, data.length), data])
}

function matrix(name: string, value: MatValue): Buffer {
  const isText = value.kind === 'text'
  const dims = isText ? [1, value.text.length] : value.dims
  const flags = isText ? 4 : classes[value.class] | (value.class === 'logical' ? 0x0200 : 0)
  const data = isText ? padded(16, Buffer.from(value.text, 'utf8')) : numbers(value.class, value.values)
  const body = Buffer.concat([padded(6, words(flags, 0)), padded(5, words(...dims)), padded(1, Buffer.from(name, 'latin1')), data])
  return Buffer.concat([words(14, body.length), body])
}

function numbers(type: keyof typeof classes, values: ArrayLike<number>): Buffer {
  if (type === 'logical') return padded(2, Buffer.from(Uint8Array.from(values)))
  if (type === 'int32') return padded(5, bytesOf(Int32Array.from(values)))
  const largest = Array.from(values).reduce((most, value) => (Number.isInteger(value) && value >= 0 ? Math.max(most, value) : Infinity), 0)
  if (largest < 2 ** 8) return padded(2, bytesOf(Uint8Array.from(values)))
  if (largest < 2 ** 16) return padded(4, bytesOf(Uint16Array.from(values)))
  return padded(9, bytesOf(Float64Array.from(values)))
}

/** An element: small when 4 bytes hold it, else its tag and its data padded to 8. */
function padded(type: number, data: Buffer): Buffer {
  if (data.length > 0 && data.length <= 4) return Buffer.concat([words(type | (data.length << 16)), data, Buffer.alloc(4 - data.length)])
  return Buffer.concat([words(type, data.length), data, Buffer.alloc((8 - (data.length % 8)) % 8)])
}

function bytesOf(values: Int32Array | Uint8Array | Uint16Array | Float64Array): Buffer {
  return Buffer.from(values.buffer)
}

function words(...values: readonly number[]): Buffer {
  return bytesOf(Int32Array.from(values))
}
