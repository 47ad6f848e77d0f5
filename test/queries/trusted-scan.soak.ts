import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ToolkitError } from '../../src/errors.ts'
import { queryToParquet, runQuery } from '../../src/queries/index.ts'
import { rowsOf } from '../../src/queries/rows-of.ts'
import { withSession } from '../../src/queries/session.ts'
import { trustScans, watchScans } from '../../src/queries/trusted-scan.ts'
import { hashSides } from '../../src/split.ts'
import { readManifest } from '../../src/store/index.ts'
import { writeSplit } from '../../src/store/splits.ts'
import { writeClips } from '../../src/store/write-clips.ts'
import { makeClips, skeletons, spatial, three } from '../store/clips.ts'
import { flipBit } from '../store/flip.ts'

const folder = mkdtempSync(join(tmpdir(), 'posetta-trust-'))
const [made, storeDir] = [join(folder, 'made'), join(folder, 'store')]
const place = { storeDir, runsDir: join(folder, 'runs') }
const shards = join(storeDir, 'tiny/shards')

beforeAll(async () => {
  const bad = { source: 'x.mat', code: 'E_MAT', message: 'no', offset: null, sha256: null, readmit: 'mend it' }
  const { root } = await writeClips({ storeDir: made, dataset: 'tiny', skeletons: [...skeletons, three], clips: [...makeClips(3), spatial('tiny/spatial')], quarantined: [bad] })
  const sides = { train: ['tiny/0001'], test: ['tiny/0002'] }
  await writeSplit(made, { name: 'halves', dataset: 'tiny', query: 'select 1', groupKey: 'group_id', seed: 0, salt: '0', hash: hashSides(sides), sides }, root)
})
beforeEach(() => {
  rmSync(storeDir, { recursive: true, force: true })
  cpSync(made, storeDir, { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Damages the files of a table where Parquet keeps values, so that views still bind. */
async function damage(table: string): Promise<void> {
  for (const file of readdirSync(shards).filter((name) => name.startsWith(`${table}-`))) await flipBit(join(shards, file), 40)
}

const views = {
  clips: 'clips', frames: 'frames', keypoints: 'frames', joints: 'frames', signals: 'frames', phases: null, segments: 'segments', sides: 'sides', files: 'files', cameras: 'cameras',
  images: null, proxies: null, quarantine: 'quarantine', splits: null, embeddings: null, measures: null, probes: null, robustness: null, training: null,
}

describe('a table with one bit turned', () => {
  test.each(['clips', 'frames', 'segments', 'sides', 'files', 'cameras', 'quarantine'])('%s: is refused by every view of it, and by no other', async (table) => {
    await damage(table)
    const refused: Record<string, string | null> = {}
    for (const view of Object.keys(views)) {
      const error = await runQuery(place, `select count(*) from ${view}`).then(() => null, (error: ToolkitError) => error)
      refused[view] = error?.code === 'E_FILE_CHANGED' ? /^"shards\/(\w+)-/.exec(error.message)![1]! : error?.message ?? null
    }
    expect(refused).toEqual(Object.fromEntries(Object.entries(views).map(([view, read]) => [view, read === table ? table : null])))
  })

  test('a split is refused by name', async () => {
    await flipBit(join(storeDir, 'tiny/splits/halves.parquet'), 40)
    await expect(runQuery(place, 'from splits')).rejects.toMatchObject({ code: 'E_SPLIT_DAMAGED', message: 'split "halves" of tiny: its parquet file was changed after it was written' })
    expect((await runQuery(place, 'select count(*) from clips')).rows).toEqual([[4]])
  })

  test('where a view cannot even bind, the file is named before DuckDB names it', async () => {
    const file = readdirSync(shards).find((name) => name.startsWith('cameras-'))
    await flipBit(join(shards, file!), statSync(join(shards, file!)).size - 1)
    await expect(runQuery(place, 'select 1')).rejects.toMatchObject({
      code: 'E_FILE_CHANGED', message: `"shards/${file}" of tiny: its sha256 is not the one it was written with; 4 clips are affected: tiny/0001, tiny/0002, tiny/0003, tiny/spatial` })
  })
})

describe('frames with one bit turned are refused', () => {
  const shown = 'STORE/tiny/shards/frames-*.parquet'
  test.each([
    'with slow as (select clip_id from FRAMES) select count(*) from slow', 'select (select max(x) from "joints")', 'select id from clips where id in (select clip_id from keypoints)',
    'from memory.main.frames limit 1', 'describe frames', 'summarize joints', 'explain analyze select max(time) from frames', 'select count(*) from (select 1 union all (select 2 from frames))',
    'from histogram(frames, time)', "from pragma_table_info('frames')", 'select column_name from information_schema.columns', 'from duckdb_columns()', 'show all tables', 'select * from pg_attribute',
    `select count(*) from '${shown}'`, `select count(*) from read_parquet('${shown}')`, `select count(*) from read_parquet(['${shown}'], union_by_name = true)`,
    `select count(*) from read_parquet('STORE' || '/tiny/shards/frames-*.parquet')`, `select file_name from parquet_metadata('${shown}')`, `select size from read_blob('${shown}')`,
    'from clips positional join frames', 'select * from (pivot frames on person in (0, 1) using max(time))',
  ])('%s', async (sql) => {
    await damage('frames')
    await expect(runQuery(place, sql.replace('STORE', storeDir))).rejects.toMatchObject({ code: 'E_FILE_CHANGED', message: expect.stringContaining('"shards/frames-') })
  })

  test.each(['select 1', 'show tables', 'select frames from (select 3 as frames)', 'select count(*) from clips', 'from range(3)', 'explain select id joints from clips', "select 'joints'",
    'from duckdb_settings()'])('but not where nothing of them is read: %s', async (sql) => {
    await damage('frames')
    expect((await runQuery(place, sql)).rows.length).toBeGreaterThan(0)
  })

  test('when the answer goes into a file, too', async () => {
    await damage('frames')
    await expect(queryToParquet({ ...place, outputFile: join(folder, 'answer.parquet') }, 'from frames')).rejects.toMatchObject({ code: 'E_FILE_CHANGED' })
  })

  test('in queries of our own, and through macros that a session was told of', async () => {
    await damage('frames')
    await withSession(place, async (connection) => {
      await expect(rowsOf(connection, 'SELECT * FROM keypoints ORDER BY ALL', {})).rejects.toMatchObject({ code: 'E_FILE_CHANGED' })
      watchScans(connection, { storeDir, manifests: [await readManifest(storeDir, 'tiny')], definitions: new Map([['outer_macro', 'SELECT * FROM Inner_view'], ['inner_view', 'SELECT 1 FROM joints']]) })
      await expect(trustScans(connection, 'select * from outer_macro(1)')).rejects.toMatchObject({ code: 'E_FILE_CHANGED' })
      await trustScans(connection, 'select * from another_macro(1)')
    })
  })
})
