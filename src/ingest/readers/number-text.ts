import { FormatError } from './format-error.ts'

const [ZERO, NINE, PLUS, MINUS, DOT, BIG_E, SMALL_E] = [0x30, 0x39, 0x2b, 0x2d, 0x2e, 0x45, 0x65]
/** Whole numbers below it are exact doubles, and so are these powers of ten: their quotient is the double nearest to the decimal. */
const EXACT = 2 ** 53
const POWERS = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`))

const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= NINE

/**
 * The decimals of a text file, as doubles, as many as are expected, with any white space between and around them. Throws FormatError with the byte of the word
 * that is no finite decimal (E_TEXT_NUMBER: `None`, `nan`, `0x10`, `1e999`), or of the first number too many or the end (E_TEXT_COUNT).
 */
export function readNumbers(bytes: Buffer, count: number): Float64Array {
  const numbers = new Float64Array(count)
  const text = bytes.toString('latin1')
  let found = 0
  for (let at = 0; ;) {
    while (at < bytes.length && isSpace(bytes[at]!)) at++
    if (at >= bytes.length) break
    const start = at
    while (at < bytes.length && !isSpace(bytes[at]!)) at++
    if (found === count) throw new FormatError('E_TEXT_COUNT', `${countWords(bytes)} numbers, ${count} are expected`, start)
    numbers[found++] = numberAt(bytes, text, { start, end: at })
  }
  if (found < count) throw new FormatError('E_TEXT_COUNT', `${found} numbers, ${count} are expected`, bytes.length)
  return numbers
}

/** Sign, digits with at most one point, exponent. Short ones are put together here, the others left to Number. */
function numberAt(bytes: Buffer, text: string, { start, end }: { readonly start: number; readonly end: number }): number {
  const isNegative = bytes[start] === MINUS
  let [at, digits, decimals, whole] = [isNegative || bytes[start] === PLUS ? start + 1 : start, 0, 0, 0]
  for (let isFraction = false; at < end; at++) {
    const byte = bytes[at]!
    if (byte === DOT && !isFraction) isFraction = true
    else if (!isDigit(byte)) break
    else {
      whole = whole * 10 + (byte - ZERO)
      digits++
      if (isFraction) decimals++
    }
  }
  if (digits > 0 && at === end && whole < EXACT && decimals < POWERS.length) return (isNegative ? -whole : whole) / POWERS[decimals]!
  const word = text.slice(start, end)
  const value = digits > 0 && isExponent(bytes, at, end) ? Number(word) : NaN
  if (Number.isFinite(value)) return value
  throw new FormatError('E_TEXT_NUMBER', `${JSON.stringify(word.slice(0, 40))} at byte ${start} is no number`, start)
}

/** `e-05`, or nothing at all. */
function isExponent(bytes: Buffer, start: number, end: number): boolean {
  if (start === end) return true
  if (bytes[start] !== BIG_E && bytes[start] !== SMALL_E) return false
  const first = bytes[start + 1] === PLUS || bytes[start + 1] === MINUS ? start + 2 : start + 1
  return first < end && bytes.subarray(first, end).every(isDigit)
}

function countWords(bytes: Buffer): number {
  return bytes.toString('latin1').split(/\s+/).filter((word) => word !== '').length
}
