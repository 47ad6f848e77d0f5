import { line, take } from './pickle-bytes.ts'
import { fail, type Machine } from './pickle-machine.ts'

/** Python refuses longer decimals too (sys.int_info.default_max_str_digits). */
const MAX_DIGITS = 4300

/** INT: a decimal line; `01` and `00` are True and False. */
export function intLine(machine: Machine): number | bigint | boolean {
  const text = line(machine)
  return text === '01' ? true : text === '00' ? false : decimal(machine, text)
}

/** LONG: a decimal line that ends in L. */
export function longLine(machine: Machine): number | bigint {
  return decimal(machine, line(machine).replace(/L$/, ''))
}

/** GET and PUT: a decimal line that says which entry of the memo. */
export function indexLine(machine: Machine): number {
  const index = decimal(machine, line(machine))
  if (typeof index === 'bigint' || index < 0) throw fail(machine, 'E_PICKLE_MEMO', `asks for entry ${String(index).slice(0, 40)} of the memo`)
  return index
}

/** FLOAT: a line as Python's repr writes floats. */
export function floatLine(machine: Machine): number {
  const text = line(machine)
  const special: Readonly<Record<string, number>> = { inf: Infinity, '-inf': -Infinity, nan: NaN, '-nan': NaN }
  if (Object.hasOwn(special, text)) return special[text]!
  const isFloat = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text))
  if (!isFloat) throw unreadable(machine, 'float', text)
  return Number(text)
}

/** LONG1 and LONG4: two's complement, the lowest byte first. */
export function twosComplement(machine: Machine, width: number): number | bigint {
  const at = take(machine, width)
  if (width > 1024) throw fail(machine, 'E_PICKLE_LARGE', `is an integer of ${width} bytes, 1024 are the most`)
  if (width === 0) return 0
  const digits = Buffer.from(machine.bytes.subarray(at, at + width)).reverse().toString('hex')
  return narrowed(BigInt.asIntN(width * 8, BigInt(`0x${digits}`)))
}

/** STRING: a line in quotes with the escapes of a literal of Python 2. */
export function quotedLine(machine: Machine): string {
  const text = line(machine)
  const quote = text[0]
  if (text.length < 2 || (quote !== '\'' && quote !== '"') || text.at(-1) !== quote) throw unreadable(machine, 'text in quotes', text)
  return text.slice(1, -1).replaceAll(/\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|[^])/g, (_, escape: string) => {
    if (/^x./.test(escape)) return String.fromCharCode(Number.parseInt(escape.slice(1), 16))
    if (/^[0-7]/.test(escape)) return String.fromCharCode(Number.parseInt(escape, 8) & 255)
    return escapes[escape] ?? `\\${escape}`
  })
}

/** UNICODE: a line of Latin-1 with backslash u and U escapes (Python's raw-unicode-escape). */
export function unicodeLine(machine: Machine): string {
  const text = line(machine)
  return text.replaceAll(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (escape, short: string | undefined, long: string | undefined) => {
    const code = Number.parseInt(short ?? long!, 16)
    if (code > 0x10ffff) throw unreadable(machine, 'character', escape)
    return String.fromCodePoint(code)
  })
}


const escapes: Readonly<Record<string, string>> = { '\\': '\\', '\'': '\'', '"': '"', n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v' }

function decimal(machine: Machine, text: string): number | bigint {
  if (text.length > MAX_DIGITS || !/^[+-]?\d+$/.test(text)) throw unreadable(machine, 'integer', text)
  return narrowed(BigInt(text.replace(/^\+/, '')))
}

function narrowed(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

function unreadable(machine: Machine, what: string, text: string): Error {
  return fail(machine, 'E_PICKLE_TEXT', `is no ${what}: ${JSON.stringify(text.slice(0, 40))}`)
}
