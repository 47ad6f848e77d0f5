import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withDuck } from '../../src/store/duckdb.ts'
import { clipPlaces, readClips, readManifest } from '../../src/store/index.ts'
import { readRows } from '../../src/store/read-parquet.ts'
import { columnsOf } from '../../src/store/schema.ts'
import { twinStore } from './twin-store.ts'

const storeWithTwin = twinStore()

test('names the rows of a clip in every table, as the files themselves have them', async () => {
  const { storeDir, folder } = await storeWithTwin()
  const manifest = await readManifest(storeDir, 'penn-action')
  const clips = await readClips(storeDir, 'penn-action')
  const places = await clipPlaces(storeDir, manifest, [...clips.map(({ id }) => id), 'penn-action/9999'])
  expect([...places.keys()]).toEqual(clips.map(({ id }) => id))
  const second = places.get(clips[1]!.id)!
  const rowsOf = (table: string) => second.rows.filter((rows) => rows.table === table).map(({ start, end }) => [start, end])
  expect(rowsOf('frames')).toEqual([[clips[0]!.frames, clips[0]!.frames + clips[1]!.frames]])
  expect(rowsOf('images')).toEqual(rowsOf('frames'))
  expect(rowsOf('clips')).toEqual([[1, 2]])
  const { file, start, end } = second.rows.find(({ table }) => table === 'files')!
  const rows = await withDuck((duck) => readRows(duck, { files: [join(folder, 'shards', file)] }, columnsOf('files')))
  expect(rows.map(([clip], at) => [clip === second.clip, at >= start && at < end]).every(([is, isIn]) => is === isIn)).toBe(true)
})
