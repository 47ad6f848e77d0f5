import { createWriteStream, renameSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { RowStream } from '../queries/index.ts'
import { linesOf } from '../table-lines.ts'

export type Written = { readonly rows: number; readonly truncated: boolean }

/** Writes at most `limit` rows of an answer, batch by batch as the stream takes them: memory does not grow with the answer. The stream stays open; whoever closes its other end has had enough. */
export async function writeAnswer(answer: RowStream, format: 'csv' | 'json', limit: number, stream: NodeJS.WritableStream): Promise<Written> {
  const written = { rows: 0, truncated: false }
  await pipeline(Readable.from(texts(answer, format, limit, written)), stream, { end: false }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  return written
}

/** The same into a file, whole or not at all. */
export async function writeAnswerFile(answer: RowStream, format: 'csv' | 'json', limit: number, file: string): Promise<Written> {
  const partial = `${file}.partial`
  const written = { rows: 0, truncated: false }
  try {
    await mkdir(dirname(file), { recursive: true })
    await pipeline(Readable.from(texts(answer, format, limit, written)), createWriteStream(partial))
    renameSync(partial, file)
    return written
  } finally {
    rmSync(partial, { force: true })
  }
}

async function* texts({ columns, batches }: RowStream, format: 'csv' | 'json', limit: number, written: { rows: number; truncated: boolean }): AsyncGenerator<string> {
  const { begin, row, between, end } = linesOf(columns, format)
  // with the first rows: a query that fails before them leaves no half of an answer
  let before = begin
  for await (const batch of batches) {
    const taken = batch.slice(0, limit - written.rows)
    if (taken.length > 0) {
      yield `${before}${taken.map(row).join(between)}`
      before = between
    }
    written.rows += taken.length
    written.truncated = taken.length < batch.length
    if (written.truncated) break
  }
  yield `${written.rows === 0 ? begin : ''}${end(written.rows)}`
}
