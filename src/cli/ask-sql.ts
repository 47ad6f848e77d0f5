import { writeFile } from 'node:fs/promises'
import { firstRows, listSaved, type QueryOptions, type QueryPlace, queryToParquet, type RowStream, type SavedQuery, streamRows, withSession } from '../queries/index.ts'
import { answerText, type Format } from './answer-text.ts'
import type { Outcome } from './base-command.ts'
import { textTable } from './text-table.ts'
import { writeAnswer, writeAnswerFile } from './write-answer.ts'

/** Rows that are shown where nobody says how many. */
export const SHOWN_ROWS = 1000

export type Question = {
  readonly place: QueryPlace
  readonly sql: string
  readonly options: QueryOptions
  readonly format: Format
  readonly output: string | undefined
  readonly limit: number | undefined
  /** The document goes to stdout, so that the answer does not. */
  readonly json: boolean
}

/** Answers one query as the command line wants it: into a file, as text row by row, or as a document. */
export async function askSql({ place, sql, options, format, output, limit, json }: Question): Promise<Outcome> {
  const ask = <T>(use: (stream: RowStream) => Promise<T>): Promise<T> => withSession(place, (connection) => streamRows(connection, sql, options, use))
  if (output !== undefined && format === 'parquet') return written(output, await queryToParquet({ ...place, outputFile: output }, sql, { ...options, limit: limit ?? Infinity }))
  if (output !== undefined && isRows(format)) return written(output, (await ask((stream) => writeAnswerFile(stream, format, limit ?? Infinity, output))).rows)
  if (isRows(format) && !json) {
    const { rows, truncated } = await ask((stream) => writeAnswer(stream, format, limit ?? SHOWN_ROWS, process.stdout))
    if (truncated) process.stderr.write(`cut after ${rows} rows: --limit\n`)
    return { document: {}, text: '' }
  }
  const answer = await ask(({ columns, batches }) => firstRows(columns, batches, limit ?? SHOWN_ROWS))
  const text = answerText(answer, isRows(format) ? format : 'table')
  if (output === undefined) return { document: answer, text }
  await writeFile(output, `${text}\n`)
  return written(output, answer.rows.length)
}

/** What `sql --list` answers. */
export async function listQueries(folder: string): Promise<Outcome> {
  const queries = await listSaved(folder)
  return { document: { queries: queries.map(({ name, origin, about, parameters }) => ({ name, origin, about, parameters })) }, text: savedText(queries) }
}

/** Saved queries as a table. */
export function savedText(queries: readonly SavedQuery[]): string {
  const rows = queries.map(({ name, parameters, origin, about }) => [name, parameters.map((parameter) => `$${parameter}`).join(' '), origin, about])
  return textTable(['name', 'needs', 'from', 'about'], rows)
}

function isRows(format: Format): format is 'csv' | 'json' {
  return format === 'csv' || format === 'json'
}

function written(output: string, rows: number): Outcome {
  return { document: { rows, output }, text: `${rows} rows written to ${output}` }
}
