import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { ntuGroup, ntuSides, parseNtuName } from '../../src/ingest/adapters/ntu/ntu-name.ts'
import { h2oSequences } from '../../src/ingest/synthetic/h2o/h2o-sequences.ts'
import { listProtocols, makeSplit, type MadeSplit, runQuery } from '../../src/queries/index.ts'
import { writeClips } from '../../src/store/index.ts'
import { makeClip, skeletons } from '../store/clips.ts'
import { textOf } from '../sources.ts'

const folder = mkdtempSync(join(tmpdir(), 'posetta-protocols-'))
const place = { storeDir: join(folder, 'store'), runsDir: join(folder, 'runs') }
const catalog = await readCatalog()
const penn = entryOf(catalog, 'penn-action')
const h2o = entryOf(catalog, 'h2o')
afterAll(() => rmSync(folder, { recursive: true }))

const make = (entry: typeof penn, protocol: string): Promise<MadeSplit> =>
  makeSplit({ ...place, entry, from: { protocol }, seed: 0, allowLeaks: [] })
const different = ({ checks }: MadeSplit): [string, number, number][] => checks.filter(({ ok }) => !ok).map(({ name, expected, found }) => [name, expected, found])

test('every protocol of the catalog has its query and a row in docs/protocols.md', () => {
  const page = textOf('docs/protocols.md')
  for (const entry of catalog.entries) {
    for (const [name, { query = name }] of Object.entries(entry.splits)) {
      expect(existsSync(new URL(`../../src/queries/splits/${query}.sql`, import.meta.url))).toBe(true)
      expect(page).toMatch(new RegExp(`\\| ${entry.name} \\| \`${name}\``))
    }
  }
})

test('a data set that the catalog says nothing about has the official protocol', () => {
  expect(listProtocols(entryOf(catalog, 'pyskl')).map(({ name }) => name)).toEqual(['official'])
})

describe('H2O, all 184 sequences', () => {
  const clips = h2oSequences.map(({ path, subject, side }) => {
    const clip = makeClip(`h2o/${path}/cam4`)
    return { ...clip, group: `h2o/${path}`, files: [], labels: { ...clip.labels, action: null, officialSplit: side === 'val' ? 'validation' : side, subject: `subject${subject}` } } as const
  })
  beforeAll(async () => {
    await writeClips({ storeDir: place.storeDir, dataset: 'h2o', skeletons, clips })
  })
  const subjects = async (split: string): Promise<unknown> =>
    (await runQuery(place, `select side, list(distinct subject order by subject) from splits join clips on clips.id = splits.clip_id
      where split = '${split}' and clips.dataset = 'h2o' group by side order by side`)).rows

  test('official: 114, 24 and 46; subject 3 on two sides', async () => {
    const made = await make(h2o, 'official')
    expect([different(made), made.checks.length]).toEqual([[], 3])
    expect(await subjects('official')).toEqual([['test', ['subject4']], ['train', ['subject1', 'subject2', 'subject3']], ['validation', ['subject3']]])
  })

  test('cross-subject: 90, 48 and 46, nobody on two sides', async () => {
    expect(different(await make(h2o, 'cross-subject'))).toEqual([])
    expect(await subjects('cross-subject')).toEqual([['test', ['subject4']], ['train', ['subject1', 'subject2']], ['validation', ['subject3']]])
  })

  test('pouring-milk: of the list\'s 27 and 11, those that were released, and it is known why', async () => {
    const { checks } = await make(h2o, 'pouring-milk')
    const known = '17 of the list\'s 38 sequences are in the public release, which has subjects 1 to 4 alone'
    expect(checks).toEqual([{ name: 'train', expected: 27, found: 10, ok: false, known }, { name: 'test', expected: 11, found: 7, ok: false, known }])
    expect(await subjects('pouring-milk')).toEqual([['test', ['subject3', 'subject4']], ['train', ['subject1', 'subject2']]])
  })

  test('one sequence less is a difference that nobody knows', async () => {
    const storeDir = join(folder, 'less')
    await writeClips({ storeDir, dataset: 'h2o', skeletons, clips: clips.filter(({ group }) => group !== 'h2o/subject1/h1/1') })
    const { checks } = await makeSplit({ ...place, storeDir, entry: h2o, from: { protocol: 'pouring-milk' }, seed: 0, allowLeaks: [] })
    expect(checks[0]).toEqual({ name: 'train', expected: 27, found: 9, ok: false, known: null })
  })

  test('nothing is held against a part', async () => {
    const storeDir = join(folder, 'part')
    await writeClips({ storeDir, dataset: 'h2o', skeletons, clips, complete: false })
    expect((await makeSplit({ ...place, storeDir, entry: h2o, from: { protocol: 'cross-subject' }, seed: 0, allowLeaks: [] })).checks).toEqual([])
  })
})

describe('label files that say who trains', () => {
  const clip = (id: number, action: string, sides: Record<string, 'train' | 'test'>) => {
    const made = makeClip(`penn-action/${id}`)
    return { ...made, files: [], labels: { ...made.labels, action, officialSplit: id % 2 === 0 ? 'test' as const : 'train' as const, sides } }
  }
  const storeDir = join(folder, 'sides')
  beforeAll(async () => {
    const clips = [clip(1, 'squat', { tcc: 'train' }), clip(2, 'squat', { tcc: 'test' }), clip(3, 'bowl', {}), clip(4, 'bowl', {}), clip(5, 'jump_rope', {}), clip(6, 'jump_rope', {})]
    await writeClips({ storeDir, dataset: 'penn-action', skeletons, clips, complete: false })
  })

  test.each([
    ['tcc', ['1'], ['2']], ['carl', ['1'], ['2']], ['casa', ['1', '3'], ['2', '4']], ['gta', ['1', '3'], ['2', '4']], ['official', ['1', '3', '5'], ['2', '4', '6']],
  ])('%s: %j train, %j are tested', async (protocol, train, tested) => {
    const { split } = await makeSplit({ ...place, storeDir, entry: penn, from: { protocol }, seed: 0, allowLeaks: [] })
    const named = (ids: readonly string[]): string[] => ids.map((id) => `penn-action/${id}`)
    expect(split.sides).toEqual({ train: named(train), test: named(tested) })
  })
})

test('where the size of a data set is not in the catalog, counts are held against as many sequences as the protocol has', async () => {
  const storeDir = join(folder, 'ucla')
  const clips = ['a01_s01_e00_v01', 'a01_s01_e00_v02', 'a01_s02_e00_v03', 'a02_s01_e00_v03'].map((name, at) => {
    const made = makeClip(`nw-ucla/${name}`)
    return { ...made, group: `nw-ucla/${name.slice(0, 11)}`, files: [], labels: { ...made.labels, officialSplit: at < 2 ? 'train' as const : 'test' as const } }
  })
  await writeClips({ storeDir, dataset: 'nw-ucla', skeletons, clips, complete: false })
  const checksFor = async (counts: { train: number; test: number }): Promise<unknown> => {
    const ucla = entryOf(catalog, 'nw-ucla')
    const entry = { ...ucla, splits: { 'cross-view': { ...ucla.splits['cross-view']!, counts } } }
    const { checks } = await makeSplit({ ...place, storeDir, entry, from: { protocol: 'cross-view' }, seed: 0, allowLeaks: [] })
    return checks.map(({ name, found, ok }) => [name, found, ok])
  }
  expect(await checksFor({ train: 1020, test: 464 })).toEqual([])
  expect(await checksFor({ train: 3, test: 1 })).toEqual([['train', 2, false], ['test', 2, false]])
})

test('NTU RGB+D: by performer, camera and setup, as its papers say', async () => {
  const storeDir = join(folder, 'ntu')
  const clips = ['S001C001P001R001A001', 'S001C002P001R001A001', 'S001C001P003R001A001', 'S002C003P003R001A001'].map((name) => {
    const made = makeClip(`ntu-120/${name}#3d`)
    return { ...made, group: ntuGroup(`ntu-120/${name}`), files: [], labels: { ...made.labels, officialSplit: null, sides: ntuSides(parseNtuName(name)!) } }
  })
  await writeClips({ storeDir, dataset: 'ntu-120', skeletons, clips })
  const sides = async (protocol: string): Promise<unknown> => {
    const { split: { sides: { train, test } } } = await makeSplit({ ...place, storeDir, entry: entryOf(catalog, 'ntu-120'), from: { protocol }, seed: 0, allowLeaks: [] })
    return [train, test].map((ids) => ids!.map((id) => id.slice('ntu-120/'.length, -'#3d'.length)))
  }
  expect(await sides('xsub')).toEqual([['S001C001P001R001A001', 'S001C002P001R001A001'], ['S001C001P003R001A001', 'S002C003P003R001A001']])
  expect(await sides('xset')).toEqual([['S002C003P003R001A001'], ['S001C001P001R001A001', 'S001C001P003R001A001', 'S001C002P001R001A001']])
})
