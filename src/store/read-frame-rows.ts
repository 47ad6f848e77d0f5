import duckdb from '@duckdb/node-bindings'
import { ToolkitError } from '../errors.ts'
import { fewNames } from '../few-names.ts'
import type { Tensor } from '../tensor.ts'
import { type Duck, identifier, literal, withDuck } from './duckdb.ts'
import { streamChunks } from './read-parquet.ts'
import { takeValues, viewWords } from './vectors.ts'

const COLUMNS = 'a Parquet file with clip_id (text), frame (integer) and e0, e1, ... or a list embedding of floats is read'

/** The word that stands for null: no float that DuckDB writes. */
const NULL_WORD = 0x7fc00001

/**
 * [T, d] by clip out of a Parquet file with a row per frame, in any order: `clip_id` or `clip` (text), `frame` (integer, from 0) and `e0`, `e1`, ... or a list `embedding` of floats.
 * Throws E_EMBEDDINGS_FILE for other columns, E_EMBEDDINGS_DTYPE, E_EMBEDDINGS_SHAPE for lists of several lengths, E_EMBEDDINGS_ROWS for nulls and for frames that are missing or there twice.
 */
export async function readFrameRows(file: string): Promise<Map<string, Tensor>> {
  return withDuck(async (duck) => {
    const from = `read_parquet(${literal(file)}, hive_partitioning = false)`
    const types = await typesOf(duck, from, file)
    const id = ['clip_id', 'clip'].find((name) => types.get(name) === 'VARCHAR')
    if (id === undefined || !/INT/.test(types.get('frame') ?? '')) throw wrongColumns(file, types)
    const numbers = await numberColumns(duck, { from, file, types })
    const clips = new Map<string, { frames: number[]; rows: Float32Array[] }>()
    const columns = [`CAST(${id} AS VARCHAR)`, 'CAST(frame AS INTEGER)', ...numbers.map((column) => `CAST(${column} AS FLOAT)`)]
    for await (const { chunk, size } of streamChunks(duck, `SELECT ${columns.join(', ')} FROM ${from}`)) {
      const vector = (column: number) => duckdb.data_chunk_get_vector(chunk, column)
      const [ids, frames] = [takeValues(vector(0), size, 'text'), takeValues(vector(1), size, 'integer')]
      const words = numbers.map((_, k) => viewWords(vector(k + 2), size, NULL_WORD))
      const floats = words.map((column) => new Float32Array(column.buffer, column.byteOffset, size))
      for (let row = 0; row < size; row++) {
        const [clip, frame] = [ids[row], frames[row]]
        if (typeof clip !== 'string' || frame === null || words.some((column) => column[row] === NULL_WORD)) throw wrongRows(`a row of ${String(clip)}, frame ${String(frame)}, holds null`)
        const found = clips.get(clip) ?? { frames: [], rows: [] }
        clips.set(clip, found)
        found.frames.push(Number(frame))
        found.rows.push(Float32Array.from(floats, (column) => column[row]!))
      }
    }
    return new Map([...clips].map(([clip, { frames, rows }]) => [clip, inOrder(clip, frames, rows)]))
  }, { threads: 1 })
}

async function typesOf(duck: Duck, from: string, file: string): Promise<Map<string, string>> {
  const types = new Map<string, string>()
  try {
    for await (const { chunk, size } of streamChunks(duck, `SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${from})`)) {
      const [names, kinds] = [0, 1].map((column) => takeValues(duckdb.data_chunk_get_vector(chunk, column), size, 'text'))
      for (let row = 0; row < size; row++) types.set(String(names![row]), String(kinds![row]))
    }
  } catch (cause) {
    throw new ToolkitError('E_EMBEDDINGS_FILE', `"${file}" cannot be read as Parquet: ${(cause as Error).message.split('\n')[0]}`, { cause, hint: COLUMNS })
  }
  return types
}

/** The SQL of each number of an embedding. */
async function numberColumns(duck: Duck, { from, file, types }: { from: string; file: string; types: ReadonlyMap<string, string> }): Promise<string[]> {
  const list = types.get('embedding')
  const numbered = [...types.keys()].filter((name) => /^e\d+$/.test(name))
  const columns = numbered.map((_, k) => `e${k}`)
  if (list === undefined && (columns.length === 0 || columns.some((name) => !types.has(name)))) throw wrongColumns(file, types)
  const wrong = list === undefined ? columns.find((name) => !/^(FLOAT|DOUBLE)$/.test(types.get(name)!)) : /^(FLOAT|DOUBLE)\[\d*\]$/.test(list) ? undefined : 'embedding'
  if (wrong !== undefined) throw new ToolkitError('E_EMBEDDINGS_DTYPE', `column ${wrong} of "${file}" is of type ${types.get(wrong)}; FLOAT and DOUBLE are read`)
  return list === undefined ? columns.map(identifier) : listColumns(duck, from)
}

async function listColumns(duck: Duck, from: string): Promise<string[]> {
  for await (const { chunk, size } of streamChunks(duck, `SELECT CAST(min(len(embedding)) AS INTEGER), CAST(max(len(embedding)) AS INTEGER) FROM ${from}`)) {
    const [least, most] = [0, 1].map((column) => Number(takeValues(duckdb.data_chunk_get_vector(chunk, column), size, 'integer')[0] ?? 0))
    if (least !== most || most === 0) throw new ToolkitError('E_EMBEDDINGS_SHAPE', `embeddings have ${least} to ${most} numbers, not one length`)
    return Array.from({ length: most! }, (_, k) => `embedding[${k + 1}]`)
  }
  return []
}

/** Rows by frame 0, 1, ...; each there once. */
function inOrder(clip: string, frames: readonly number[], rows: readonly Float32Array[]): Tensor {
  const places = Array.from({ length: rows.length }, () => -1)
  for (const [row, frame] of frames.entries()) {
    if (frame < 0 || frame >= rows.length) throw wrongRows(`${clip} has ${rows.length} rows, one of them of frame ${frame}: frames count from 0 without gaps`)
    if (places[frame] !== -1) throw wrongRows(`frame ${frame} of ${clip} is there twice`)
    places[frame] = row
  }
  const dims = rows[0]!.length
  const data = new Float32Array(rows.length * dims)
  for (const [frame, row] of places.entries()) data.set(rows[row]!, frame * dims)
  return { shape: [rows.length, dims], data }
}

function wrongRows(message: string): ToolkitError {
  return new ToolkitError('E_EMBEDDINGS_ROWS', message)
}

function wrongColumns(file: string, types: ReadonlyMap<string, string>): ToolkitError {
  return new ToolkitError('E_EMBEDDINGS_FILE', `"${file}" has the columns ${fewNames([...types].map(([name, type]) => `${name} ${type}`))}`, {
    hint: COLUMNS })
}
