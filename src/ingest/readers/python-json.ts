import { FormatError } from './format-error.ts'

const literals: readonly (readonly [string, unknown])[] = [['null', null], ['true', true], ['false', false], ['NaN', NaN], ['Infinity', Infinity],
  ['-Infinity', -Infinity]]
const blank = /[ \t\n\r]*/y
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

/**
 * Reads JSON as Python's json.dump writes it: also the bare words NaN, Infinity and -Infinity. Otherwise it answers what JSON.parse does, slower, and says at
 * which byte of the file the text, which begins at byte `origin`, breaks the rules: FormatError E_JSON_SYNTAX. Nesting is the caller's to limit. RFC 8259.
 */
export function readPythonJson(text: string, origin: number): unknown {
  let at = 0

  function skip(pattern: RegExp): string | null {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match === null) return null
    at += match[0].length
    return match[0]
  }
  function take(what: string): boolean {
    if (!text.startsWith(what, at)) return false
    at += what.length
    return true
  }
  function value(): unknown {
    skip(blank)
    if (take('{')) return object()
    if (take('[')) return array()
    if (text[at] === '"') return readString('a string')
    const digits = skip(number)
    if (digits !== null) return Number(digits)
    const literal = literals.find(([word]) => take(word))
    if (literal === undefined) throw expected('a value')
    return literal[1]
  }
  function array(): unknown[] {
    const values: unknown[] = []
    skip(blank)
    if (take(']')) return values
    for (;;) {
      values.push(value())
      skip(blank)
      if (take(']')) return values
      if (!take(',')) throw expected('"," or "]"')
    }
  }
  /** From entries, so that `__proto__` is a key like others, and the last of equal keys wins. */
  function object(): unknown {
    const entries: [string, unknown][] = []
    skip(blank)
    if (take('}')) return {}
    for (;;) {
      skip(blank)
      const key = readString('a name in quotes')
      skip(blank)
      if (!take(':')) throw expected('":"')
      entries.push([key, value()])
      skip(blank)
      if (take('}')) return Object.fromEntries(entries)
      if (!take(',')) throw expected('"," or "}"')
    }
  }
  /** Its end is looked for, the rest of its rules are left to JSON.parse. */
  function readString(what: string): string {
    if (text[at] !== '"') throw expected(what)
    let end = at + 1
    while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1
    try {
      const read = JSON.parse(text.slice(at, end + 1)) as string
      at = end + 1
      return read
    } catch {
      throw broken(`the string at byte ${offset()} does not end, or holds a control character or an unknown escape`)
    }
  }
  function expected(what: string): FormatError {
    const found = at === text.length ? 'the end of the file' : JSON.stringify(String.fromCodePoint(text.codePointAt(at)!))
    return broken(`expected ${what} at byte ${offset()}, found ${found}`)
  }
  function broken(message: string): FormatError {
    return new FormatError('E_JSON_SYNTAX', message, offset())
  }
  function offset(): number {
    return origin + Buffer.byteLength(text.slice(0, at))
  }

  const read = value()
  skip(blank)
  if (at < text.length) throw expected('the end')
  return read
}
