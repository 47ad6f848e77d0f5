import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withDuck } from '../store/duckdb.ts'
import { readRows } from '../store/read-parquet.ts'
import { rowTable } from '../store/shard-tables.ts'
import type { Table } from '../store/write-parquet.ts'
import type { Tensor } from '../tensor.ts'
import type { Comparison, Evaluation, Measure } from './evaluate.ts'
import type { Embedded } from './measured.ts'
import { columns, writeTable } from './table-file.ts'

/** Columns of a run's `measures.parquet`: a row per measure, then a row per paired difference (`against` is not null); settings as JSON. */
const measureColumns = columns('run text, metric text, protocol text, action text, card text, encoder text, against text, labels text, '
  + 'better text, headline boolean, value double, low double, high double, p double, n integer, unit text, clips integer, settings text, reason text')

/** Writes `measures.parquet` of a run folder at one stroke. */
export async function writeMeasures(runDir: string, run: string, { measures, comparisons }: Evaluation): Promise<string> {
  const rows = [
    ...measures.map((m) => [run, m.metric, m.protocol, m.action, m.card, m.encoder, null, m.labels, m.better, m.headline, m.value, m.low, m.high, null, m.n,
      m.unit, m.clips,
      JSON.stringify(m.settings), m.reason]),
    ...comparisons.map((c) => [run, c.metric, c.protocol, c.action, c.card, c.encoder, c.against, null, c.better, null, c.value, c.low, c.high, c.p, null,
      null, null, null, c.reason]),
  ]
  return writeTable(join(runDir, 'measures.parquet'), rowTable(measureColumns, rows, { posetta: 'measures 1', run }))
}

/** Reads `measures.parquet` back; null when the run has not been evaluated. */
export async function readMeasures(runDir: string): Promise<Evaluation | null> {
  const file = join(runDir, 'measures.parquet')
  const found = await readFile(file).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? null : Promise.reject(error)))
  if (found === null) return null
  const rows = await withDuck((duck) => readRows(duck, { files: [file] }, measureColumns), { threads: 1 })
  const records = rows.map((row) => Object.fromEntries(measureColumns.map(({ name }, index) => [name, row[index]!])))
  return {
    measures: records.filter(({ against }) => against === null).map(({ run: _run, against: _against, p: _p, settings, ...measure }) => ({
      ...measure, n: Number(measure['n']), clips: Number(measure['clips']), settings: JSON.parse(String(settings)) as Measure['settings'],
    }) as Measure),
    comparisons: records.filter(({ against }) => against !== null).map(({ metric, protocol, action, card, encoder, against, better, value, low, high, p,
      reason }) =>
      ({ metric, protocol, action, card, encoder, against, better, value, low, high, p, reason }) as Comparison),
  }
}

/** Writes `embeddings.parquet` of a run folder: a row per frame, `clip_id, frame, e0, e1, ...`. */
export async function writeEmbeddings(runDir: string, run: string, embedded: readonly Embedded[]): Promise<string> {
  return writeFrameRows(join(runDir, 'embeddings.parquet'), run, new Map(embedded.map(({ clip, embedding }) => [clip.id, embedding])))
}

/** Writes embeddings [T, d] by id as rows per frame, in the order given. */
export async function writeFrameRows(file: string, run: string, embeddings: ReadonlyMap<string, Tensor>): Promise<string> {
  const dims = embeddings.values().next().value?.shape[1] ?? 0
  const rows = [...embeddings.values()].reduce((sum, { shape }) => sum + shape[0]!, 0)
  const words = Array.from({ length: dims }, () => new Float32Array(rows))
  const codes = new Uint32Array(rows)
  const frames = new Uint32Array(rows)
  let row = 0
  for (const [index, embedding] of [...embeddings.values()].entries()) {
    for (let t = 0; t < embedding.shape[0]!; t++, row++) {
      codes[row] = index
      frames[row] = t
      for (let k = 0; k < dims; k++) words[k]![row] = embedding.data[t * dims + k]!
    }
  }
  const table: Table = {
    columns: [...columns('clip_id text, frame integer'), ...words.map((_, k) => ({ name: `e${k}`, type: 'float' as const }))],
    data: [
      { kind: 'coded', names: [...embeddings.keys()], codes }, { kind: 'words', type: 'integer', words: frames, nullWord: 0xffffffff },
      ...words.map((column) => ({ kind: 'words' as const, type: 'float' as const, words: new Uint32Array(column.buffer), nullWord: 0x7fc00001 })),
    ],
    rows, metadata: { posetta: 'embeddings 1', run },
  }
  return writeTable(file, table)
}
