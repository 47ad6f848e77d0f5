import { ToolkitError } from '../../../errors.ts'
import { type Duck, identifier, literal, withDuck } from '../../../store/duckdb.ts'
import { scanTexts } from '../../../store/scan-texts.ts'
import type { TableSpan, TableTaker } from './table-row.ts'

/** More spans than this are read as one, with what lies between them: whoever takes rows looks at the clip of each. */
const MOST_SPANS = 64
/** Of DuckDB's, where the disk fails rather than the file. */
const UNREADABLE = /^IO Error/

type Open = (header: readonly string[]) => TableTaker

/** A Parquet file as a table of texts, row after row. Throws E_PARQUET, E_RAW_READ, and what the taker throws. */
export async function scanParquet(file: string, path: string, spans: readonly TableSpan[] | null, open: Open): Promise<void> {
  await withDuck(async (duck) => {
    const header = (await all(duck, path, `SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet(${literal(file)}))`)).map(([name]) => name!)
    const { columns, take } = open(header)
    const wanted = [...new Set(columns)]
    const cells = ['file_row_number', ...wanted.map((column) => identifier(header[column]!))].map((name) => `CAST(${name} AS VARCHAR)`)
    const sql = `SELECT ${cells.join(', ')} FROM read_parquet(${literal(file)}, file_row_number = true) WHERE ${condition(spans)}`
    for await (const rows of scan(duck, path, sql)) {
      for (const [number, ...texts] of rows) {
        const full = Array<string>(header.length).fill('')
        texts.forEach((text, at) => { full[wanted[at]!] = text ?? '' })
        take({ cells: full, number: Number(number), start: Number(number), end: Number(number) + 1 })
      }
    }
  }, { threads: 1 })
}

function condition(spans: readonly TableSpan[] | null): string {
  if (spans === null) return 'true'
  const ranges = spans.length <= MOST_SPANS ? spans : [{ start: spans[0]!.start, end: spans.at(-1)!.end }]
  return ranges.map(({ start, end }) => `file_row_number BETWEEN ${start} AND ${end - 1}`).join(' OR ')
}

async function all(duck: Duck, path: string, sql: string): Promise<(string | null)[][]> {
  const rows = []
  for await (const some of scan(duck, path, sql)) rows.push(...some)
  return rows
}

async function* scan(duck: Duck, path: string, sql: string): AsyncGenerator<(string | null)[][]> {
  try {
    yield* scanTexts(duck, sql)
  } catch (cause) {
    const message = (cause as Error).message.split('\n')[0]!
    if (UNREADABLE.test(message)) throw new ToolkitError('E_RAW_READ', `cannot read ${path}: ${message}`, { cause })
    throw new ToolkitError('E_PARQUET', message, { cause })
  }
}
