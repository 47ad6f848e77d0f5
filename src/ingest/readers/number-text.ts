import { FormatError } from './format-error.ts'

const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)

/**
 * The numbers of a text file, as many as are expected, between any white space. Python's and MATLAB's decimals are read, `nan` and `inf` too. Throws FormatError
 * with the byte of the word that is no number (E_TEXT_NUMBER), of the first number too many or of the end (E_TEXT_COUNT).
 */
export function readNumbers(bytes: Buffer, count: number): Float64Array {
  const numbers = new Float64Array(count)
  let found = 0
  for (let at = 0; ;) {
    while (at < bytes.length && isSpace(bytes[at]!)) at++
    if (at >= bytes.length) break
    const start = at
    while (at < bytes.length && !isSpace(bytes[at]!)) at++
    if (found === count) throw new FormatError('E_TEXT_COUNT', `${countWords(bytes)} numbers, ${count} are expected`, start)
    numbers[found++] = numberAt(bytes, start, at)
  }
  if (found < count) throw new FormatError('E_TEXT_COUNT', `${found} numbers, ${count} are expected`, bytes.length)
  return numbers
}

function numberAt(bytes: Buffer, start: number, end: number): number {
  const word = bytes.toString('latin1', start, end)
  const value = Number(word)
  // Number takes hexadecimal and the empty text for numbers, and knows neither nan nor inf
  if (!Number.isNaN(value) && /^[-+.\d]/.test(word) && !/^[-+]?0[xob]/i.test(word)) return value
  const special = /^([-+]?)(nan|inf(?:inity)?)$/i.exec(word)
  if (special !== null) return special[2]!.toLowerCase() === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity
  throw new FormatError('E_TEXT_NUMBER', `${JSON.stringify(word.slice(0, 40))} at byte ${start} is no number`, start)
}

function countWords(bytes: Buffer): number {
  return bytes.toString('latin1').split(/\s+/).filter((word) => word !== '').length
}
