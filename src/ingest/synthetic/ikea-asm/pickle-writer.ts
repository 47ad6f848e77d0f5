/** A Python object to pickle. The same object in two places is written once and fetched from the memo after that, as Python does. */
export type Pickled = null | boolean | number | Kept
/** What Python remembers in its memo: all but None, booleans and integers. */
type Kept =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'global'; readonly module: string; readonly name: string }
  | { readonly kind: 'tuple' | 'list'; readonly values: readonly Pickled[] }
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [Pickled, Pickled])[] }
  /** What `make(...args)` answers, then told its state. */
  | { readonly kind: 'object'; readonly make: Pickled; readonly args: Pickled; readonly state: Pickled }

type Pickler = { readonly parts: (string | Uint8Array)[]; readonly memo: Map<Kept, number> }

/**
 * A pickle of protocol 3, opcode for opcode as Python's own pickler writes it: integers from -2^31 to 2^31 - 1, at most 1000 values in a list or dict.
 * Lib/pickletools.py of Python names the opcodes.
 */
export function writePickle(value: Pickled): Buffer {
  const pickler: Pickler = { parts: ['\x80\x03'], memo: new Map() }
  save(value, pickler)
  return Buffer.concat([...pickler.parts, '.'].map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)))
}

function save(value: Pickled, pickler: Pickler): void {
  const { parts, memo } = pickler
  if (value === null) parts.push('N')
  else if (typeof value === 'boolean') parts.push(value ? '\x88' : '\x89')
  else if (typeof value === 'number') parts.push(...integer(value))
  else if (memo.has(value)) parts.push(...indexed('h', 'j', memo.get(value)!))
  else saveKept(value, pickler)
}

/** A container that may hold itself is remembered before what it holds, a tuple after. */
function saveKept(value: Kept, pickler: Pickler): void {
  const { parts, memo } = pickler
  const remember = (): void => {
    parts.push(...indexed('q', 'r', memo.size))
    memo.set(value, memo.size)
  }
  switch (value.kind) {
    case 'text': {
      const bytes = Buffer.from(value.text)
      parts.push('X', word(bytes.length), bytes)
      return remember()
    }
    case 'bytes':
      parts.push(...(value.bytes.length < 256 ? ['C', Uint8Array.of(value.bytes.length)] : ['B', word(value.bytes.length)]), value.bytes)
      return remember()
    case 'global':
      parts.push(`c${value.module}\n${value.name}\n`)
      return remember()
    case 'tuple':
      if (value.values.length > 3) parts.push('(')
      for (const one of value.values) save(one, pickler)
      parts.push([')', '\x85', '\x86', '\x87'][value.values.length] ?? 't')
      return value.values.length === 0 ? undefined : remember()
    case 'list':
      parts.push(']')
      remember()
      return saveBatch(value.values.map((one) => [one]), ['a', 'e'], pickler)
    case 'dict':
      parts.push('}')
      remember()
      return saveBatch(value.entries, ['s', 'u'], pickler)
    case 'object':
      save(value.make, pickler)
      save(value.args, pickler)
      parts.push('R')
      remember()
      save(value.state, pickler)
      parts.push('b')
  }
}

function saveBatch(rows: readonly (readonly Pickled[])[], [one, many]: readonly [string, string], pickler: Pickler): void {
  if (rows.length > 1000) throw new Error(`${rows.length} values are more than one batch of a pickle`)
  if (rows.length > 1) pickler.parts.push('(')
  for (const row of rows) for (const value of row) save(value, pickler)
  if (rows.length > 0) pickler.parts.push(rows.length === 1 ? one : many)
}

function integer(value: number): (string | Uint8Array)[] {
  if (value >= 0 && value < 256) return ['K', Uint8Array.of(value)]
  if (value >= 0 && value < 65536) return ['M', Uint8Array.of(value & 255, value >> 8)]
  return ['J', word(value)]
}

function indexed(short: string, long: string, place: number): (string | Uint8Array)[] {
  return place < 256 ? [short, Uint8Array.of(place)] : [long, word(place)]
}

function word(value: number): Uint8Array {
  return new Uint8Array(Int32Array.of(value).buffer)
}
