import type { DuckDBValue } from '@duckdb/node-api'
import {
  DuckDBArrayValue, DuckDBBlobValue, DuckDBDecimalValue, DuckDBGeometryValue, DuckDBListValue, DuckDBMapValue, DuckDBStructValue, DuckDBUnionValue, DuckDBVariantValue,
} from './duckdb-api.ts'

/** A value as JSON has it: integers up to 2^53 are numbers, larger ones text; NaN and infinities are text too. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** A value of DuckDB as JSON has it: bytes as hexadecimal digits, nested values nested, moments and whatever else JSON lacks as DuckDB's cast to VARCHAR writes it. */
export function jsonValue(value: DuckDBValue): JsonValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  return typeof value === 'object' && value !== null ? jsonOfObject(value) : value
}

type DuckDBObject = Extract<DuckDBValue, object>

function jsonOfObject(value: DuckDBObject): JsonValue {
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(jsonValue)
  if (value instanceof DuckDBStructValue) return Object.fromEntries(Object.entries(value.entries).map(([key, inner]) => [key, jsonValue(inner)]))
  if (value instanceof DuckDBMapValue) return value.entries.map((entry) => ({ key: jsonValue(entry.key), value: jsonValue(entry.value) }))
  if (value instanceof DuckDBUnionValue) return { tag: value.tag, value: jsonValue(value.value) }
  if (value instanceof DuckDBVariantValue) return jsonValue(value.value)
  if (value instanceof DuckDBDecimalValue) return decimalJson(value)
  if (value instanceof DuckDBBlobValue || value instanceof DuckDBGeometryValue) return Buffer.from(value.bytes).toString('hex')
  return isInfinite(value) ? `${Number(Object.values(value)[0]) < 0 ? '-' : ''}infinity` : String(value)
}

/** Of dates and moments alone, which have one field: how far from 1970. Their own texts know infinity in microseconds only. */
function isInfinite(value: DuckDBObject): boolean {
  return 'isFinite' in value && !value.isFinite
}

/** 1, 10, ..., 10^22: those that a double holds. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))
/** Any 15 digits are a double's. */
const DIGITS_15 = 10n ** 15n

/** A decimal as the number with the same digits; as text where there is none, and above 2^53 as integers are. */
function decimalJson(decimal: InstanceType<typeof DuckDBDecimalValue>): JsonValue {
  const { value, scale } = decimal
  // a quotient of two whole doubles is the double nearest to the decimal
  if (-DIGITS_15 < value && value < DIGITS_15 && scale < POWERS.length) return Number(value) / POWERS[scale]!
  const text = String(decimal)
  const number = Number(text)
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER && digitsOf(number.toExponential().replace(/e.*/, '')) === digitsOf(text) ? number : text
}

/** The digits from the first to the last that is not 0. */
function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, '').replace(/^0+/, '').replace(/0+$/, '')
}
