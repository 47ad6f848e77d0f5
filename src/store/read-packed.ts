import { join } from 'node:path'
import { NULL_FLOAT, NULL_INTEGER, type Value } from './canonical.ts'
import type { Duck } from './duckdb.ts'
import { grouped } from './grouped.ts'
import type { ShardRef } from './manifest.ts'
import { type ClipTable, clipTables, type PackedClip } from './pack-clip.ts'
import { type ParquetSource, readRows, scanWords } from './read-parquet.ts'
import { columnsOf, type Layout, wordColumns } from './schema.ts'
import { trustFiles } from './trusted-file.ts'

const [LAYOUT, FRAMES, PERSONS] = ['layout', 'n_frames', 'persons'].map((name) => columnsOf('clips').findIndex((column) => column.name === name)) as [number, number, number]

/** Rows of clips as they rest, shard after shard; `hash` is the one written beside them. Throws what `trustFiles` throws. */
export async function readPacked(duck: Duck, folder: string, layouts: readonly Layout[], shards: readonly ShardRef[]): Promise<PackedClip[]> {
  await trustFiles(folder, shards, ({ table }) => table === 'clips' || table === 'frames' || clipTables.some((name) => name === table))
  const refs = shards.flatMap((shard) => shard.files)
  const files = (table: string, layout: string | null): string[] =>
    refs.filter((ref) => ref.table === table && ref.layout === layout).map(({ file }) => join(folder, 'shards', file))
  const clips = await readRows(duck, { files: files('clips', null) }, columnsOf('clips'))
  const tables = new Map<ClipTable, Map<string, Value[][]>>()
  for (const table of clipTables) tables.set(table, grouped(await readRows(duck, { files: files(table, null) }, columnsOf(table)), ([id]) => String(id)))
  const shapes = clips.map((clip) => ({ id: String(clip[0]), layout: String(clip[LAYOUT]), frames: Number(clip[FRAMES]), persons: Math.max(1, Number(clip[PERSONS])) }))
  const words = new Map<string, Uint32Array>()
  for (const layout of layouts) {
    const members = shapes.filter((shape) => shape.layout === layout.name)
    const read = await readWords(duck, { files: files('frames', layout.name) }, layout, members)
    members.forEach(({ id }, index) => words.set(id, read[index]!))
  }
  const of = (table: ClipTable, id: string): Value[][] => (tables.get(table)!.get(id) ?? []).map((row) => row.slice(1))
  const tablesOf = (id: string): PackedClip['tables'] => ({
    phases: of('phases', id), segments: of('segments', id), sides: of('sides', id), files: of('files', id), cameras: of('cameras', id) })
  return shapes.map(({ id, layout, frames, persons }, index) => ({
    id, layout: layouts.find(({ name }) => name === layout)!, persons, rows: frames * persons, words: words.get(id)!,
    clip: clips[index]!, tables: tablesOf(id), hash: String(clips[index]!.at(-1)),
  }))
}

type Shape = { readonly id: string; readonly frames: number; readonly persons: number }

/** The words of each clip, [columns, rows]: rows come in order of clip, and a clip's size says where the next begins. */
async function readWords(duck: Duck, source: ParquetSource, layout: Layout, shapes: readonly Shape[]): Promise<Uint32Array[]> {
  const columns = wordColumns(layout)
  const nulls = columns.map(({ type }) => (type === 'float' ? NULL_FLOAT : NULL_INTEGER >>> 0))
  const clips = shapes.map(({ frames, persons }) => new Uint32Array(columns.length * frames * persons))
  let [clip, row] = [0, 0]
  for await (const chunk of scanWords(duck, source, columns, nulls)) {
    for (let at = 0; at < chunk.rows;) {
      if (clip === clips.length) throw new Error('the table of frames has rows of no clip')
      const rows = shapes[clip]!.frames * shapes[clip]!.persons
      const count = Math.min(rows - row, chunk.rows - at)
      chunk.words.forEach((words, column) => clips[clip]!.set(words.subarray(at, at + count), column * rows + row))
      at += count
      row += count
      if (row === rows) [clip, row] = [clip + 1, 0]
    }
  }
  if (clip !== clips.length) throw new Error('the table of frames lacks rows')
  shapes.forEach((shape, index) => checkOrder(shape, clips[index]!))
  return clips
}

/** Frame and person say where a row belongs: rows that came in another order are not given out. */
function checkOrder({ id, frames, persons }: Shape, words: Uint32Array): void {
  const rows = frames * persons
  for (let row = 0; row < rows; row++) {
    if (words[row] !== Math.floor(row / persons) || words[rows + row] !== row % persons) throw new Error(`frames of ${id} are not in order`)
  }
}
