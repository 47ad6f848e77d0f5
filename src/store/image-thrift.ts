/** A value in Thrift's compact protocol: its type there, and its bytes. github.com/apache/thrift, doc/specs/thrift-compact-protocol.md. */
export type Thrift = { readonly type: number; readonly bytes: readonly number[] }

export const i32 = (value: number): Thrift => ({ type: 5, bytes: varint(zigzag(value)) })
/** A whole number from 0 to 2^52. */
export const i64 = (value: number): Thrift => ({ type: 6, bytes: varint(value * 2) })
export const truth = (value: boolean): Thrift => ({ type: value ? 1 : 2, bytes: [] })
export const binary = (value: Uint8Array): Thrift => ({ type: 8, bytes: [...varint(value.length), ...value] })
export const text = (value: string): Thrift => binary(Buffer.from(value))

/** A list of values of the first one's type; an empty one says that it is of structs. */
export function list(values: readonly Thrift[]): Thrift {
  const type = values[0]?.type ?? STRUCT
  const head = values.length < 15 ? [values.length << 4 | type] : [0xf0 | type, ...varint(values.length)]
  return { type: 9, bytes: [head, ...values.map(({ bytes }) => bytes)].flat() }
}

/** Values by their field's number, up to 15 apart. */
export function struct(fields: Readonly<Record<number, Thrift>>): Thrift {
  const entries = Object.entries(fields).map(([id, value]) => ({ id: Number(id), value })) // numbers as keys come in ascending order
  const coded = entries.map(({ id, value }, at) => [(id - (entries[at - 1]?.id ?? 0)) << 4 | value.type, ...value.bytes])
  return { type: STRUCT, bytes: [...coded.flat(), 0] }
}

const STRUCT = 12

const zigzag = (value: number): number => (value >= 0 ? value * 2 : value * -2 - 1)

/** Seven bits a byte, the lowest first; without bit operations, which end at 2^32. */
function varint(value: number): number[] {
  const bytes = []
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push(value % 128 + 128)
  return [...bytes, value]
}
