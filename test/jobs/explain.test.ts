import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { explainText } from '../../src/cli/explain-text.ts'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { evalJob } from '../../src/jobs/eval.ts'
import { explainJob, type ExplainRequest } from '../../src/jobs/explain.ts'
import { reportJob } from '../../src/jobs/report.ts'
import { collectGarbage, listVersions, readClips, readManifest, removeClips } from '../../src/store/index.ts'
import { checkCells } from '../soak/lineage-cells.ts'
import { lineageRun } from './lineage-run.ts'

const { made, placesOf } = lineageRun()
const explain = async (request: Partial<ExplainRequest> = {}, places = made) => explainJob({ ...places, run: 'latest', metric: 're-cut-cycle-skill', clips: [], rawDir: null, ...request })
/** The measure before anything is changed. */
let whole: Awaited<ReturnType<typeof explain>>
beforeAll(async () => { whole = await explain() })

test('random cells lead to raw files with the stated hashes, and those files alone make the clip again', async () => {
  expect(await checkCells(made, { cells: 10, seed: 7 })).toBe(10)
})

test('leads from a measure to its run, split, version, clips, rows and raw files', async () => {
  const found = whole
  const [clips, { root, commit }] = [await readClips(made.storeDir, 'penn-action'), await readManifest(made.storeDir, 'penn-action')]
  expect(found.clips.map(({ clip }) => clip)).toEqual(clips.filter(({ labels }) => labels.officialSplit === 'test').map(({ id }) => id))
  expect(found.clips.map(({ raw }) => raw.map(({ path }) => path))).toEqual(found.clips.map(({ clip }) => clips.find(({ id }) => id === clip)!.files.map(({ path }) => path)))
  expect([found.data.root, found.data.commit, found.split.root, found.run.commit]).toEqual([root, commit, root, commit])
  expect(found.run.checkpoint).toBe(found.run.checkpointNow)
  expect(found.evaluation).toMatchObject({ protocol: 'quick', metrics: ['kendall-tau', 're-cut-cycle-skill', 'phase-accuracy'], versions: { node: process.versions.node } })
  expect(found.measure.n).toBe(found.items)
  // every pair weighs the spread of its first clip alone, so that the least and the greatest clip lie about the whole
  const values = found.clips.map(({ value }) => value!)
  expect([Math.min(...values) <= found.measure.value!, Math.max(...values) >= found.measure.value!]).toEqual([true, true])
})

describe('a clip or a pair', () => {
  test('has its part in the measure, its neighbours, its rows and its bytes, and is read again', async () => {
    const [first] = whole.clips
    const { part, roles, clips } = await explain({ clips: [first!.clip], rawDir: made.rawDir })
    expect([part!.pairs.length, part!.of, roles]).toEqual([part!.of - 1, whole.clips.length, [{ clip: first!.clip, side: 'test', role: 'measured' }]])
    expect(clips[0]!.decoded).toBe(first!.hash)
    expect(clips[0]!.raw.map(({ state }) => state)).toEqual(['as read', 'as read'])
    expect(clips[0]!.raw[0]!.ranges!.map(({ what }) => what)).toContain('variable visibility')
  })

  test('that was trained on says so and has no part', async () => {
    const { part, roles } = await explain({ clips: ['penn-action/1149'] })
    expect([part, roles[0]!.side, ['trained on', 'validation'].includes(roles[0]!.role)]).toEqual([null, 'train', true])
  })

  test('a pair is followed in both orders', async () => {
    const [a, b] = whole.clips.map(({ clip }) => clip)
    const { pair, clips } = await explain({ clips: [b!, a!] })
    expect(pair.map(({ clip, other }) => [clip, other].sort())).toEqual([[a, b], [a, b]])
    expect(clips.map(({ clip }) => clip)).toEqual([a, b])
  })

  test('whose raw file was changed or lost is called so', async () => {
    const places = await placesOf()
    const [first, second] = whole.clips
    appendFileSync(join(places.rawDir, first!.raw[0]!.path), 'x')
    await rm(join(places.rawDir, second!.raw[1]!.path))
    const { clips } = await explain({ clips: [first!.clip, second!.clip], rawDir: places.rawDir }, places)
    expect(clips.map(({ raw }) => raw.map(({ state }) => state))).toEqual([['changed', 'as read'], ['as read', 'missing']])
    expect(clips.map(({ hash, decoded }) => decoded === hash)).toEqual([false, false])
  })
})

describe('what cannot be explained', () => {
  test('an unknown measure is answered with the nearest, one of several with all of them', async () => {
    await expect(explain({ metric: 'kendal-tau' })).rejects.toMatchObject({
      code: 'E_MEASURE_UNKNOWN', message: 'no measure of run 20251124-160000-la2ds-pullup-s0 named "kendal-tau"',
      hint: 'did you mean "kendall-tau"? There are: re-cut-cycle-skill, kendall-tau, phase-accuracy-100' })
    await expect(explain({ metric: 'kendall-tau' })).rejects.toMatchObject({
      code: 'E_MEASURE_AMBIGUOUS', message: 'run 20251124-160000-la2ds-pullup-s0 has 2 measures kendall-tau', hint: 'say which: --card whole, or --card cut' })
    await expect(explain({ metric: 'kendall-tau', card: 'hole' })).rejects.toMatchObject({
      message: 'no kendall-tau of run 20251124-160000-la2ds-pullup-s0 with the card "hole"', hint: 'did you mean "whole"? There are: whole, cut' })
  })

  test('an unknown clip is answered with the nearest', async () => {
    await expect(explain({ clips: ['penn-action/1194'] })).rejects.toMatchObject({
      code: 'E_CLIP_UNKNOWN', message: 'no clip "penn-action/1194" in split "official" of penn-action', hint: expect.stringContaining('did you mean "penn-action/11') as string })
  })

  test('a run whose items were not kept is evaluated again', async () => {
    const places = await placesOf()
    await rm(join(places.runsDir, '20251124-160000-la2ds-pullup-s0/items.parquet'))
    await expect(explain({}, places)).rejects.toMatchObject({
      code: 'E_ITEMS_MISSING', message: 'run 20251124-160000-la2ds-pullup-s0 keeps no clips of re-cut-cycle-skill: it was evaluated before they were kept',
      hint: 'posetta eval 20251124-160000-la2ds-pullup-s0 --protocol quick' })
  })
})

describe('after a newer commit', () => {
  const ingestWithout = async ({ rawDir, storeDir }: Awaited<ReturnType<typeof placesOf>>) => {
    await rm(join(rawDir, 'labels/1149.mat'))
    writeFileSync(join(rawDir, 'labels/1150.mat'), 'not a MAT file')
    await ingest({ entry: entryOf(await readCatalog(), 'penn-action'), rawDir, storeDir, jobs: 1 })
  }

  test('the version of the run is read from history', async () => {
    const places = await placesOf()
    const before = await explain({}, places)
    await ingestWithout(places)
    expect((await readManifest(places.storeDir, 'penn-action')).root).not.toBe(before.data.root)
    expect(await explain({}, places)).toEqual(before)
  })

  test('a version that is gone is said to be gone', async () => {
    const places = await placesOf()
    await ingestWithout(places)
    await rm(join(places.storeDir, 'penn-action/splits'), { recursive: true })
    await collectGarbage(places.storeDir, 'penn-action', [])
    const { root } = await readManifest(places.storeDir, 'penn-action')
    await expect(explain({}, places)).rejects.toMatchObject({
      code: 'E_VERSION_GONE',
      message: `run 20251124-160000-la2ds-pullup-s0 was trained on root ${whole.data.root.slice(0, 12)} of penn-action, the store "${places.storeDir}" holds ${root.slice(0, 12)} and no version with the other`,
      hint: 'name the store it was trained on with --store, or train again' })
  })
})

describe('after a test clip was purged', () => {
  const purgedPlaces = async () => {
    const places = await placesOf()
    const [clip] = whole.clips
    await removeClips({ storeDir: places.storeDir, dataset: 'penn-action', ids: [clip!.clip], purge: true })
    const { clip: id, hash, value } = clip!
    return { places, purged: { clip: id, hash, value } }
  }

  test('it is said to be purged, and its part in the measure stays', async () => {
    const { places, purged } = await purgedPlaces()
    const found = await explain({ clips: [purged.clip], rawDir: places.rawDir }, places)
    expect([found.purged, found.clips, found.part!.value]).toEqual([[purged], [], purged.value])
    expect(found.roles).toEqual([{ clip: purged.clip, side: 'test', role: 'measured' }])
    expect(explainText(found)).toContain(`\n  purged from the version: 1 clip\n    ${purged.clip}: PURGED, `)
    const all = await explain({}, places)
    expect([all.purged, all.clips.map(({ clip }) => clip).includes(purged.clip)]).toEqual([[purged], false])
  })

  test('the run is reported as it was measured, and not evaluated', async () => {
    const { places, purged } = await purgedPlaces()
    const { json } = await reportJob({ ...places, runs: ['latest'] }, { now: () => 0 })
    const { measure } = await explain({}, places)
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ runs: [{ clips: { test: measure.clips } }] })
    const { commit } = (await listVersions(places.storeDir, 'penn-action')).at(-1)!
    await expect(evalJob({ ...places, run: 'latest', protocol: 'quick' })).rejects.toMatchObject({
      code: 'E_CLIP_PURGED', message: `split "official": 1 of its clips was purged from version ${commit.slice(0, 12)} of penn-action: ${purged.clip}` })
  })

  test('of the train side, what the others of that side were is not known', async () => {
    const places = await placesOf()
    await removeClips({ storeDir: places.storeDir, dataset: 'penn-action', ids: ['penn-action/1149'], purge: true })
    const { roles } = await explain({ clips: ['penn-action/1150'] }, places)
    expect(roles).toEqual([{ clip: 'penn-action/1150', side: 'train', role: 'not known' }])
  })
})

test('reads as a tree, long lists cut short', async () => {
  const [first] = whole.clips
  const text = explainText(await explain({ clips: [first!.clip], rawDir: made.rawDir })).split('\n')
  expect(text[0]).toMatch(/^re-cut-cycle-skill \(protocol quick, action pullup, card views\) = -?\d/)
  const top = text.filter((line) => /^ {2}\S/.test(line)).map((line) => line.trim().split(/[ :]/)[0])
  expect(top).toEqual(['measure', 'evaluation', 'run', 'split', 'data', first!.clip, 'its', '1'])
  expect(text.find((line) => line.includes('read again'))).toContain('; read again: the same')
  expect(text.some((line) => /^ {10}bytes 128 to \d+: variable \w+$/.test(line))).toBe(true)
})
