import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { writeTwin } from '../../src/ingest/synthetic/index.ts'
import { keptSplits, makeSplit, queryToParquet, runQuery } from '../../src/queries/index.ts'
import { rebuildMembers } from '../../src/queries/rebuild-members.ts'
import { hashSides } from '../../src/split.ts'
import { readSplit } from '../../src/store/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'posetta-queries-'))
const place = { storeDir: join(folder, 'store'), runsDir: join(folder, 'runs') }
const entry = entryOf(await readCatalog(), 'penn-action')

beforeAll(async () => {
  await writeTwin(entry, join(folder, 'raw'), { clips: 100, seed: 1, frames: false })
  await ingest({ entry, rawDir: join(folder, 'raw'), storeDir: place.storeDir, jobs: 1 })
})
afterAll(() => rmSync(folder, { recursive: true }))

const rows = async (sql: string) => (await runQuery(place, sql)).rows

describe('the tables', () => {
  test('clips, frames and keypoints agree with one another', async () => {
    const [[clips, frames]] = await rows('select count(*), sum(n_frames) from clips') as [[number, number]]
    expect(clips).toBe(100)
    expect(await rows('select count(*), count(distinct clip_id) from frames')).toEqual([[frames, 100]])
    expect(await rows('select count(*), min(len(x)), max(len(y)) from keypoints')).toEqual([[frames, 13, 13]])
    expect(await rows('select count(*), count(distinct joint) from joints')).toEqual([[frames * 13, 13]])
  })

  test('joints are named anatomically, with the data set\'s own name beside', async () => {
    expect(await rows("select distinct joint, raw_joint from joints where joint like '%wrist' order by joint")).toEqual([['left_wrist', 'right_wrist'], ['right_wrist', 'left_wrist']])
  })

  test('an absent joint has no coordinates and confidence 0, an occluded one 0.5, an observed one 1', async () => {
    expect(await rows('select state, count(x) = 0, min(confidence), max(confidence) from joints group by state order by state'))
      .toEqual([['absent', true, 0, 0], ['observed', false, 1, 1], ['occluded', false, 0.5, 0.5]])
  })

  test('every clip leads to its raw files', async () => {
    expect(await rows("select count(*) from clips join files on files.clip_id = clips.id where path like 'labels/%.mat' and length(sha256) = 64")).toEqual([[100]])
  })

  test('a run may be named with a quote; a damaged file of a run is named', async () => {
    const run = join(folder, "other's runs", "it's")
    await queryToParquet({ ...place, outputFile: join(run, 'embeddings.parquet') }, "select 'penn-action/0001' clip_id, 0::int frame, 1::float e0, 2::float e1")
    const there = { ...place, runsDir: join(run, '..') }
    expect((await runQuery(there, 'select run, frame, embedding, dataset from embeddings')).rows).toEqual([["it's", 0, [1, 2], 'penn-action']])
    writeFileSync(join(run, 'embeddings.parquet'), 'damaged')
    await expect(runQuery(there, 'select 1')).rejects.toMatchObject({ code: 'E_TABLE', message: expect.stringContaining("it's/embeddings.parquet") })
  })

  test('tables of what is not there yet are empty, not missing', async () => {
    expect(await rows('select (select count(*) from embeddings), (select count(*) from measures), (select count(*) from quarantine)')).toEqual([[0, 0, 0]])
    const empty = { storeDir: join(folder, 'no-store'), runsDir: join(folder, 'no-runs') }
    expect((await runQuery(empty, 'select count(*) from clips, frames, keypoints, joints, phases, files, splits')).rows).toEqual([[0]])
  })
})

describe('answers', () => {
  test('say when they were cut', async () => {
    expect(await runQuery(place, 'select joint from (select distinct joint from joints) order by joint', { limit: 2 })).toEqual({ columns: ['joint'], rows: [['head'], ['left_ankle']], truncated: true })
    expect((await runQuery(place, 'select 1', { limit: 1 })).truncated).toBe(false)
  })

  test('name the column that was meant, in DuckDB\'s words', async () => {
    await expect(rows('select actoin from clips')).rejects.toMatchObject({ code: 'E_SQL', message: expect.stringContaining('Candidate bindings: "action"') })
  })

  test('of an empty query are refused with an example', async () => {
    for (const sql of ['', ' -- nothing\n;', '/* no */ /* thing */', '/* a /* nested */ comment */;;']) {
      await expect(rows(sql)).rejects.toMatchObject({ code: 'E_SQL', message: 'the query is empty', hint: 'for example: select * from clips limit 5' })
    }
  })

  test('go to Parquet, written by us alone, again over the last answer', async () => {
    const outputFile = join(folder, 'out', 'clips.parquet')
    await queryToParquet({ ...place, outputFile }, 'select 1')
    expect(await queryToParquet({ ...place, outputFile }, 'select id from clips order by id')).toBe(100)
    expect((await runQuery({ ...place, storeDir: join(folder, 'out') }, `select count(*) from '${outputFile}'`)).rows).toEqual([[100]])
  })

  test.each(['select 1 a;', 'select 1 a; -- a footer;', 'select 1 a;; /* a; b */ ;', '-- a;\nselect 1 a /* b; */ -- c'])('go to Parquet whatever follows the end: %s', async (sql) => {
    expect(await queryToParquet({ ...place, outputFile: join(folder, 'end.parquet') }, sql)).toBe(1)
  })

  test('go to Parquet with the semicolons of their texts', async () => {
    const outputFile = join(folder, 'out', 'texts.parquet')
    await queryToParquet({ ...place, outputFile }, "select '; -- a' a, e'it\\'s; b' b, $$;$$ c; -- d;")
    expect((await runQuery({ ...place, storeDir: join(folder, 'out') }, `select a, b, c from '${outputFile}'`)).rows).toEqual([['; -- a', "it's; b", ';']])
  })
})

describe('what only reads', () => {
  test.each(['select 1', 'from clips limit 1', 'with a as (select 1 x) select * from a', 'values (1)', 'describe clips', 'summarize clips', 'show tables', 'explain select 1', 'explain analyze select 1', 'select 1 -- a comment', 'select 1;', '/* header */ select 1 /* footer */', '/* a */ select 1; /* b */',
    "pivot clips on action in ('squat', 'bowl') using count(*)"])(
    'answers: %s', async (sql) => {
      expect((await rows(sql)).length).toBeGreaterThan(0)
    })
})

describe('several statements', () => {
  test.each(['select 1; select 2', "select 1; pivot clips on action using count(*)"])('are refused: %s', async (sql) => {
    await expect(rows(sql)).rejects.toMatchObject({ code: 'E_SQL', message: expect.stringMatching(/^[23] statements: one at a time$/) })
  })

  test.each(['pivot clips on action using count(*)', "from (pivot clips on action, camera using string_agg(id, ';')); -- all; of them"])('that one PIVOT without values is are explained: %s', async (sql) => {
    await expect(rows(sql)).rejects.toMatchObject({
      code: 'E_SQL', message: 'PIVOT does not name its values', hint: "it becomes columns of those alone: PIVOT clips ON action IN ('bowl', 'squat') USING count(*)" })
  })
})

describe('splits', () => {
  const make = (name: string, sql: string, allowLeaks: string[] = []) => makeSplit({ ...place, entry, from: { name, sql }, seed: 3, allowLeaks })

  test('official is the side in every label file, kept with the hash of its members', async () => {
    const { split, leaks, checks } = await makeSplit({ ...place, entry, from: { protocol: 'official' }, seed: 0, allowLeaks: [] })
    const expected = await rows("select official_split, list(id order by id) from clips group by all order by all")
    expect(Object.entries(split.sides).sort()).toEqual(expected)
    expect([leaks, checks]).toEqual([[], []])
    expect(await readSplit(place.storeDir, 'penn-action', 'official')).toMatchObject({ hash: split.hash, sides: split.sides })
    expect(await rows("select side, count(*) from splits where split = 'official' group by all order by all")).toEqual(expected.map(([side, ids]) => [side, (ids as string[]).length]))
  })

  test('a query of one\'s own sees $dataset and $seed', async () => {
    const { split } = await make('by-seed', "select case when row_number() over (order by id) <= $seed then 'test' else 'train' end as side, id as clip_id from clips where dataset = $dataset order by id")
    expect([split.sides.test?.length, split.sides.train?.length]).toEqual([3, 97])
  })

  test('the same again is the same; another one under the name is refused', async () => {
    const sql = "select case when id = (select min(id) from clips) then 'test' else 'train' end as side, id as clip_id from clips order by id"
    const first = await make('one', sql)
    expect((await make('one', sql)).split.hash).toBe(first.split.hash)
    await expect(make('one', sql.replace('min(id)', 'max(id)'))).rejects.toMatchObject({ code: 'E_SPLIT_EXISTS' })
  })

  test.each([
    ['E_SPLIT_EMPTY', "select 'train' side, id clip_id from clips order by id", /^split "bad" has no clip in test$/],
    ['E_SPLIT_SIDE', "select 'tran' side, id clip_id from clips order by id limit 1", /^no side \(of penn-action\/\d{4}\) "tran"$/],
    ['E_SPLIT_ROWS', 'select id from clips', /^split "bad" answers \(id\), not \(side, clip_id\) as texts$/],
    ['E_SPLIT_CLIP', "select 'train' side, 'penn-action/9999' clip_id union all select 'test', min(id) from clips order by clip_id", /^split "bad": 1 of its clips are not in penn-action, such as penn-action\/9999$/],
    ['E_SPLIT_TWICE', "select unnest(['train', 'test']) side, min(id) clip_id from clips order by side", /^split "bad" has penn-action\/\d{4} in test and in train$/],
    ['E_SPLIT_CHANCE', "select case when random() < .5 then 'train' else 'test' end side, id clip_id from clips order by id", /^split "bad": the same query would not give the same split again: line 1, column 18: random\(\) draws by chance: choose by bucket\(\$salt, group_id\) \(chance\)$/],
    ['E_SPLIT_CHANCE', "select if(hash(group_id) % 2 = 0, 'train', 'test') side, id clip_id from clips order by id", /: line 1, column 11: hash\(\) may change with the version of DuckDB: take bucket\(\) or sha256\(\) \(engine-hash\)$/],
    ['E_SPLIT_CHANCE', "with few as (from clips using sample 9) select 'train' side, id clip_id from few order by id", /: line 1, column 25: a sample is drawn by chance: choose by bucket\(\$salt, group_id\) \(sample\)$/],
    ['E_SPLIT_CHANCE', "select 'train' side, id clip_id from clips where current_date > '2026-01-01' order by id", /: line 1, column 50: current_date asks the clock: write the date \(clock\)$/],
    ['E_SQL', 'select', /^Parser Error: SELECT clause without selection list$/],
  ])('%s: %s', async (code, sql, message) => {
    await expect(make('bad', sql)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    expect(existsSync(join(place.storeDir, 'penn-action/splits/bad.json'))).toBe(false)
  })

  test('an empty side is answered with what the query made of the other', async () => {
    await expect(make('bad', "select 'train' side, id clip_id from clips order by id")).rejects.toMatchObject({ hint: expect.stringMatching(/^train and test need a clip each, the query answers 100 in train; posetta sql --file/) })
  })

  test('a protocol under another name is known for what it is, and its query makes it again', async () => {
    const official = (named: { name?: string }) => makeSplit({ ...place, entry, from: { protocol: 'official', ...named }, seed: 0, allowLeaks: [] })
    const [{ split: first }, { split }] = [await official({}), await official({ name: 'later' })]
    expect([split.hash, split.query]).toEqual([first.hash, `-- Protocol: official\n${first.query}`])
    const protocols = Object.fromEntries((await keptSplits(place.storeDir, entry)).map(({ name, protocol }) => [name, protocol]))
    expect(protocols).toMatchObject({ official: 'official', later: 'official', one: null })
    expect(hashSides(await rebuildMembers(place, await readSplit(place.storeDir, 'penn-action', 'later')))).toBe(first.hash)
  })

  test('a protocol cannot take the name of another', async () => {
    const made = makeSplit({ ...place, entry, from: { protocol: 'official', name: 'gta' }, seed: 0, allowLeaks: [] })
    await expect(made).rejects.toMatchObject({ code: 'E_SPLIT_NAME', message: '"gta" is the name of a published split' })
  })

  test('a query of one\'s own cannot take the name of a published split', async () => {
    await expect(make('official', "select 'train' side, id clip_id from clips")).rejects.toMatchObject({ code: 'E_SPLIT_NAME', message: '"official" is the name of a published split' })
  })

  test('an unknown protocol is answered with what there is', async () => {
    await expect(makeSplit({ ...place, entry, from: { protocol: 'offical' }, seed: 0, allowLeaks: [] })).rejects.toMatchObject({ code: 'E_PROTOCOL_UNKNOWN', message: 'no split protocol of penn-action "offical"', hint: 'did you mean "official"? There are: official, gta, tcc, carl, casa' })
  })
})
