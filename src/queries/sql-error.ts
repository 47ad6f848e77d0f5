import { ToolkitError } from '../errors.ts'

/** Columns of a line that are shown around a place. */
const SHOWN = 100

/**
 * A failure of DuckDB as E_SQL: its own words, which name the nearest column or table, then line, column and a caret under the place in `sql`, where it tells one.
 * `before` = text that stood before `sql` in what was run. Sessions have `errors_as_json` set: that is where the place comes from.
 */
export function sqlError(cause: unknown, sql: string, before = ''): ToolkitError {
  const text = (cause instanceof Error ? cause.message : String(cause)).replace(/^Failed to extract statements: /, '').trim()
  const { type, message, position } = detailsOf(text)
  // the parser counts characters, the binder bytes
  const offset = position === null ? null : type === 'Parser' ? Buffer.byteLength([...sql].slice(0, position - before.length).join('')) : position - Buffer.byteLength(before)
  return new ToolkitError('E_SQL', `${type === '' ? '' : `${type} Error: `}${message.trim()}${offset === null ? '' : placeText(sql, offset)}`, { cause })
}

/** `\n\nline 2, column 8\n  select actoin\n         ^` for a byte of `sql` in UTF-8; nothing for one that lies outside, as places inside a view do. */
export function placeText(sql: string, offset: number): string {
  const bytes = Buffer.from(sql)
  if (!Number.isInteger(offset) || offset < 0 || offset > bytes.length) return ''
  const before = bytes.subarray(0, offset).toString().split('\n')
  const line = sql.split('\n')[before.length - 1]!
  const at = before.at(-1)!.length
  const start = Math.max(0, Math.min(at - SHOWN / 2, line.length - SHOWN))
  const shown = line.slice(start, start + SHOWN).replaceAll(/\s/g, ' ').trimEnd()
  const [head, tail] = [start > 0 ? '...' : '', line.length > start + SHOWN ? '...' : '']
  return `\n\nline ${before.length}, column ${at + 1}\n  ${head}${shown}${tail}\n  ${' '.repeat(head.length + at - start)}^`
}

function detailsOf(text: string): { type: string; message: string; position: number | null } {
  const { json } = /^(?:[A-Z][\w ]* Error: )?(?<json>\{.*\})$/s.exec(text)?.groups ?? {}
  if (json === undefined) return { type: '', message: text, position: null }
  const { exception_type: type, exception_message: message, position } = JSON.parse(json) as { exception_type: string; exception_message: string; position?: string }
  return { type, message, position: position === undefined ? null : Number(position) }
}
