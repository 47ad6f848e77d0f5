/** A value in Thrift's compact protocol: its type there, and what appends its bytes. github.com/apache/thrift, doc/specs/thrift-compact-protocol.md. */
export type Thrift = { readonly type: number; readonly append: (bytes: number[]) => void }

/** A whole number from -2^31 to 2^31 - 1. */
export const i32 = (value: number): Thrift => ({ type: 5, append: (bytes) => appendVarint(bytes, value < 0 ? -2 * value - 1 : 2 * value) })
/** A whole number from 0 to 2^52. */
export const i64 = (value: number): Thrift => ({ type: 6, append: (bytes) => appendVarint(bytes, 2 * value) })
/** A boolean as a field of a struct, where its type says it all. */
export const truth = (value: boolean): Thrift => ({ type: value ? 1 : 2, append: () => {} })
export const text = (value: string): Thrift => binary(Buffer.from(value))

export function binary(value: Uint8Array): Thrift {
  return {
    type: 8,
    append: (bytes) => {
      appendVarint(bytes, value.length)
      for (const byte of value) bytes.push(byte)
    },
  }
}

/** Values of one type; an empty list says that it is of structs. */
export function list(values: readonly Thrift[]): Thrift {
  const type = values[0]?.type ?? STRUCT
  return {
    type: 9,
    append: (bytes) => {
      bytes.push(Math.min(values.length, 15) << 4 | type)
      if (values.length >= 15) appendVarint(bytes, values.length)
      for (const value of values) value.append(bytes)
    },
  }
}

/** Values by their field's number, ascending, less than 16 apart. */
export function struct(...fields: readonly (readonly [id: number, value: Thrift])[]): Thrift {
  return {
    type: STRUCT,
    append: (bytes) => {
      let before = 0
      for (const [id, value] of fields) {
        bytes.push(id - before << 4 | value.type)
        value.append(bytes)
        before = id
      }
      bytes.push(0)
    },
  }
}

export function encode(value: Thrift): Uint8Array {
  const bytes: number[] = []
  value.append(bytes)
  return Uint8Array.from(bytes)
}

const STRUCT = 12

/** Seven bits a byte, the lowest first; without bit operations, which end at 2^31. */
function appendVarint(bytes: number[], value: number): void {
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push(rest % 128 + 128)
  bytes.push(rest)
}
