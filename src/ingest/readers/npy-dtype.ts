/** How a cell of an array lies in bytes: numpy's name of it, the bytes of one cell, and how it is read (objects are not: they are pickles). */
export type Dtype =
  | {
    readonly holds: 'numbers'
    readonly name: string
    readonly width: number
    /** Whether float32 holds every value exactly. */
    readonly isSingle: boolean
    readonly get: (view: DataView, at: number) => number | bigint
  }
  | { readonly holds: 'texts'; readonly name: string; readonly width: number; readonly get: (view: DataView, at: number) => string | null }
  | { readonly holds: 'objects'; readonly name: '|O'; readonly width: 0 }

type Get = (view: DataView, at: number, isLittle: boolean) => number | bigint
const getters: Readonly<Record<string, Get>> = {
  b1: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
  i1: (view, at) => view.getInt8(at),
  u1: (view, at) => view.getUint8(at),
  i2: (view, at, isLittle) => view.getInt16(at, isLittle),
  u2: (view, at, isLittle) => view.getUint16(at, isLittle),
  i4: (view, at, isLittle) => view.getInt32(at, isLittle),
  u4: (view, at, isLittle) => view.getUint32(at, isLittle),
  i8: (view, at, isLittle) => view.getBigInt64(at, isLittle),
  u8: (view, at, isLittle) => view.getBigUint64(at, isLittle),
  f2: (view, at, isLittle) => half(view.getUint16(at, isLittle)),
  f4: (view, at, isLittle) => view.getFloat32(at, isLittle),
  f8: (view, at, isLittle) => view.getFloat64(at, isLittle),
}

/**
 * The dtype of a name such as `<f4`, `|b1`, `>i2`, `<U12`, `|S3`, `|O`; without a byte order it is little-endian. null = one that is not read (complex,
 * records, dates, long doubles, text of a million characters or more).
 */
export function parseDtype(name: string): Dtype | null {
  const match = /^([<>|=]?)([a-zA-Z])(\d{0,6})$/.exec(name)
  if (match === null) return null
  const [, order, letter, digits] = match
  const isLittle = order !== '>'
  if (letter === 'O') return { holds: 'objects', name: '|O', width: 0 }
  const size = Number(digits)
  if (letter === 'U') {
    return { holds: 'texts', name: `${isLittle ? '<' : '>'}U${size}`, width: 4 * size, get: (view, at) => wideText(view, at, 4 * size, isLittle) }
  }
  if (letter === 'S') return { holds: 'texts', name: `|S${size}`, width: size, get: (view, at) => narrowText(view, at, size) }
  const type = `${letter}${digits}`
  const get = getters[type]
  if (get === undefined) return null
  const own = `${size === 1 ? '|' : isLittle ? '<' : '>'}${type}`
  return { holds: 'numbers', name: own, width: size, isSingle: size < 4 || type === 'f4', get: (view, at) => get(view, at, isLittle) }
}

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
function half(bits: number): number {
  const sign = bits >> 15 === 1 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25))
}

/** UTF-32, padded with zeros; null = a number that is no character. */
function wideText(view: DataView, start: number, width: number, isLittle: boolean): string | null {
  let end = start + width
  while (end > start && view.getUint32(end - 4, isLittle) === 0) end -= 4
  let text = ''
  for (let at = start; at < end; at += 4) {
    const code = view.getUint32(at, isLittle)
    if (code > 0x10ffff) return null
    text += String.fromCodePoint(code)
  }
  return text
}

/** Latin-1, padded with zeros. */
function narrowText(view: DataView, start: number, width: number): string {
  let end = start + width
  while (end > start && view.getUint8(end - 1) === 0) end--
  return Buffer.from(view.buffer, view.byteOffset + start, end - start).toString('latin1')
}
