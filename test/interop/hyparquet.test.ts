import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { writeTwin } from '../../src/ingest/synthetic/write-twin.ts'
import { NULL_FLOAT, NULL_INTEGER, type Value } from '../../src/store/canonical.ts'
import { type Manifest, readManifest } from '../../src/store/manifest.ts'
import { clipTables, hashPacked, type PackedClip } from '../../src/store/pack-clip.ts'
import { type Column, columnsOf, wordColumns } from '../../src/store/schema.ts'
import { temporaryFolder } from '../store/folder.ts'

type Row = Readonly<Record<string, unknown>>

/** The rows of a table of one shard as hyparquet reads them. */
async function rowsOf(folder: string, shard: Manifest['shards'][number], table: string, layout: string | null = null): Promise<Row[]> {
  const ref = shard.files.find((one) => one.table === table && one.layout === layout)
  if (ref === undefined) return []
  const bytes = await readFile(join(folder, 'shards', ref.file))
  return parquetReadObjects({ file: Uint8Array.from(bytes).buffer, compressors })
}

const valuesOf = (columns: readonly Column[], row: Row): Value[] => columns.map(({ name }) => (typeof row[name] === 'bigint' ? Number(row[name]) : (row[name] ?? null) as Value))

/** Columns of frames as the words that are hashed. */
function wordsOf(rows: readonly Row[], columns: readonly Column[]): Uint32Array {
  const words = new Uint32Array(columns.length * rows.length)
  const floats = new Float32Array(words.buffer)
  columns.forEach(({ name, type, step = 1 }, column) => rows.forEach((row, at) => {
    const [value, place] = [row[name], column * rows.length + at]
    if (value === null || value === undefined) words[place] = type === 'float' ? NULL_FLOAT : NULL_INTEGER >>> 0
    else if (type === 'float') floats[place] = Number(value) * step
    else words[place] = Number(value)
  }))
  return words
}

test.each(['float32', 'int16'] as const)('hyparquet reads the clips whose hashes lie beside them, kept as %s', async (precision) => {
  const [rawDir, storeDir] = [await temporaryFolder(), await temporaryFolder()]
  const entry = entryOf(await readCatalog(), 'h2o')
  await writeTwin(entry, rawDir, { clips: 1, seed: 3, frames: false })
  await ingest({ entry, rawDir, storeDir, jobs: 1, precision })
  const [folder, manifest] = [join(storeDir, 'h2o'), await readManifest(storeDir, 'h2o')]
  for (const shard of manifest.shards) {
    const [clips, tables] = [await rowsOf(folder, shard, 'clips'), new Map(await Promise.all(clipTables.map(async (name) => [name, await rowsOf(folder, shard, name)] as const)))]
    for (const clip of clips) {
      const frames = (await rowsOf(folder, shard, 'frames', String(clip['layout']))).filter((row) => row['clip_id'] === clip['id'])
      const hung = clipTables.map((name) => [name, tables.get(name)!.filter((row) => row['clip_id'] === clip['id']).map((row) => valuesOf(columnsOf(name).slice(1), row))])
      expect(hashPacked({
        clip: valuesOf(columnsOf('clips').slice(0, -1), clip), words: wordsOf(frames, wordColumns(manifest.schema.layouts.find(({ name }) => name === clip['layout'])!)),
        tables: Object.fromEntries(hung) as PackedClip['tables'] })).toBe(clip['hash'])
    }
    expect(clips.length).toBeGreaterThan(1)
  }
})
