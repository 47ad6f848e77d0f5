import type { Quarantined } from '../clip.ts'
import type { Hash } from '../hash.ts'
import { encodeRows, NULL_FLOAT, NULL_INTEGER, startEncoding, type Value } from './canonical.ts'
import { leafHash } from './merkle.ts'
import type { PackedClip } from './pack-clip.ts'
import { type Column, columnsOf, type StoreSchema, type TableName, wordColumns } from './schema.ts'
import type { ColumnData } from './vectors.ts'
import type { Table } from './write-parquet.ts'

/** The tables of one shard: its clips in order of id, and everything that hangs on them in the same order. Tables without rows are left out. */
export function shardTables(clips: readonly PackedClip[], schema: StoreSchema, metadata: Table['metadata']): { name: TableName; table: Table }[] {
  const keyed = (rows: (clip: PackedClip) => readonly (readonly Value[])[]): Value[][] => clips.flatMap((clip) => rows(clip).map((row) => [clip.id, ...row]))
  const tables: { name: TableName; table: Table }[] = [
    { name: 'clips', table: rowTable(columnsOf('clips', schema), clips.map(({ clip }) => clip), metadata) },
    { name: 'frames', table: { ...frameTable(clips, schema), metadata } },
    { name: 'phases', table: rowTable(columnsOf('phases', schema), keyed(({ phases }) => phases), metadata) },
    { name: 'files', table: rowTable(columnsOf('files', schema), keyed(({ files }) => files), metadata) },
  ]
  return tables.filter(({ table }) => table.rows > 0)
}

/** A small table out of its rows. */
export function rowTable(columns: readonly Column[], rows: readonly (readonly Value[])[], metadata: Table['metadata']): Table {
  return { columns, data: columns.map(({ type }, column) => ({ kind: 'values', type, values: rows.map((row) => row[column]!) })), rows: rows.length, metadata }
}

function frameTable(clips: readonly PackedClip[], schema: StoreSchema): Omit<Table, 'metadata'> {
  const rows = clips.reduce((sum, clip) => sum + clip.rows, 0)
  const codes = eachClip(clips, rows, (codes, clip, at, index) => codes.fill(index, at, at + clip.rows))
  const data: ColumnData[] = [{ kind: 'coded', names: clips.map(({ id }) => id), codes }]
  wordColumns(schema).forEach(({ type }, column) => {
    const words = eachClip(clips, rows, (all, clip, at) => all.set(clip.words.subarray(column * clip.rows, (column + 1) * clip.rows), at))
    data.push(type === 'float' ? { kind: 'words', type, words, nullWord: NULL_FLOAT } : { kind: 'words', type: 'integer', words, nullWord: NULL_INTEGER >>> 0 })
  })
  const paths = clips.some(({ framePaths }) => framePaths !== null)
  data.push(paths ? { kind: 'values', type: 'text', values: clips.flatMap(pathRows) } : { kind: 'nulls', type: 'text' })
  return { columns: columnsOf('frames', schema), data, rows }
}

function pathRows(clip: PackedClip): readonly (string | null)[] {
  return clip.framePaths ?? Array<null>(clip.rows).fill(null)
}

function eachClip(clips: readonly PackedClip[], rows: number, write: (words: Uint32Array, clip: PackedClip, at: number, index: number) => void): Uint32Array {
  const words = new Uint32Array(rows)
  let at = 0
  clips.forEach((clip, index) => {
    write(words, clip, at, index)
    at += clip.rows
  })
  return words
}

/** The Merkle leaf of a row of a small table. */
export function rowHash(columns: readonly Column[], row: readonly Value[]): Hash {
  const encoding = startEncoding()
  encodeRows(encoding, columns, [row])
  return leafHash(encoding.bytes())
}

/** A quarantined file as the row it rests and is hashed as. */
export function quarantineRow(dataset: string, { source, code, message, offset, sha256 }: Quarantined): Value[] {
  return [dataset, source, code, message, offset, sha256]
}
