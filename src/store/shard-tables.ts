import type { Quarantined } from '../clip.ts'
import type { Hash } from '../hash.ts'
import { encodeRows, NULL_FLOAT, NULL_INTEGER, startEncoding, type Value } from './canonical.ts'
import { leafHash } from './merkle.ts'
import { clipTables, type PackedClip } from './pack-clip.ts'
import { type Column, columnsOf, columnsOfFrames, type FixedTable, type Layout, type TableName, wordColumns } from './schema.ts'
import type { ColumnData } from './vectors.ts'
import type { Table } from './write-parquet.ts'

export type ShardTable = { readonly name: TableName; readonly layout: string | null; readonly table: Table }

/** The tables of one shard: its clips in order of id, and everything that hangs on them in the same order; frames by layout. Tables without rows are left out. */
export function clipTablesOf(clips: readonly PackedClip[], metadata: Table['metadata']): ShardTable[] {
  const fixed = (name: FixedTable, rows: readonly (readonly Value[])[]): ShardTable => ({ name, layout: null, table: rowTable(columnsOf(name), rows, metadata) })
  const tables = [
    fixed('clips', clips.map(({ clip }) => clip)),
    ...layoutsOf(clips).map((layout): ShardTable => {
      const members = clips.filter((clip) => clip.layout.name === layout.name)
      return { name: 'frames', layout: layout.name, table: { ...frameTable(members, layout), metadata: { ...metadata, ...layoutMetadata(members, layout) } } }
    }),
    ...clipTables.map((name) => fixed(name, clips.flatMap(({ id, tables }) => tables[name].map((row) => [id, ...row])))),
  ]
  return tables.filter(({ table }) => table.rows > 0)
}

/** What a table of frames says of itself, for readers that have nothing but the file. */
function layoutMetadata(clips: readonly PackedClip[], layout: Layout): Table['metadata'] {
  return { layout: JSON.stringify(layout), units: [...new Set(clips.map(({ clip }) => String(clip[UNIT])))].sort().join(' ') }
}

const UNIT = columnsOf('clips').findIndex(({ name }) => name === 'unit')

/** The layouts that occur among clips, by name. One name stands for one set of columns. */
export function layoutsOf(clips: readonly { readonly layout: Layout }[]): Layout[] {
  const layouts = new Map<string, Layout>()
  for (const { layout } of clips) {
    const known = layouts.get(layout.name)
    if (known === undefined) layouts.set(layout.name, layout)
    else if (known !== layout && JSON.stringify(known) !== JSON.stringify(layout)) throw new Error(`two layouts are called ${layout.name}`)
  }
  return [...layouts.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** A small table out of its rows. */
export function rowTable(columns: readonly Column[], rows: readonly (readonly Value[])[], metadata: Table['metadata']): Table {
  return { columns, data: columns.map(({ type }, column) => ({ kind: 'values', type, values: rows.map((row) => row[column]!) })), rows: rows.length, metadata }
}

function frameTable(clips: readonly PackedClip[], layout: Layout): Omit<Table, 'metadata'> {
  const rows = clips.reduce((sum, clip) => sum + clip.rows, 0)
  const codes = eachClip(clips, rows, (codes, clip, at, index) => codes.fill(index, at, at + clip.rows))
  const data: ColumnData[] = [{ kind: 'coded', names: clips.map(({ id }) => id), codes }]
  wordColumns(layout).forEach(({ type }, column) => {
    const words = eachClip(clips, rows, (all, clip, at) => all.set(clip.words.subarray(column * clip.rows, (column + 1) * clip.rows), at))
    data.push(type === 'float' ? { kind: 'words', type, words, nullWord: NULL_FLOAT } : { kind: 'words', type: 'integer', words, nullWord: NULL_INTEGER >>> 0 })
  })
  return { columns: columnsOfFrames(layout), data, rows }
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
export function quarantineRow(dataset: string, { source, code, message, offset, sha256, readmit }: Quarantined): Value[] {
  return [dataset, source, code, message, offset, sha256, readmit]
}
