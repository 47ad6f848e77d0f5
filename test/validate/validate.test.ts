import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { firstOfEach, validateText } from '../../src/cli/validate-text.ts'
import { withDuck } from '../../src/store/duckdb.ts'
import { readRows } from '../../src/store/read-parquet.ts'
import { writeClips } from '../../src/store/write-clips.ts'
import { checks } from '../../src/validate/checks/index.ts'
import { findingTable, selectChecks, validate, writeFindings } from '../../src/validate/index.ts'
import { temporaryFolder } from '../store/folder.ts'
import { type Cell, legs, walk } from './walker.ts'

const catalog = `
skeletons:
  legs:
    note: null
    joints: { ${legs.joints.map((joint) => `${joint}: ${joint}`).join(', ')} }
    edges: [[hip, left_knee], [hip, right_knee], [left_knee, left_foot], [right_knee, right_foot]]
    pairs: [[left_knee, right_knee], [left_foot, right_foot]]
datasets:
  - { name: tiny, title: Walks, adapter: table, skeleton: legs }
`

const leap = (cell: Cell, frame: number, joint: string): void => { if (frame === 5 && joint === 'left_foot') cell.y += 20 }
const hide = (cell: Cell, frame: number): void => { if (frame === 7) cell.state = 1 }

/** A store of so many walks, of which every third leaps and number 2 is hidden in a frame; and the catalog that knows `legs`. */
async function storeOf(count: number, text = catalog): Promise<{ storeDir: string; catalogFiles: string[] }> {
  const storeDir = await temporaryFolder()
  const clips = Array.from({ length: count }, (_, at) => walk(12, { id: `tiny/${String(at + 1).padStart(4, '0')}`, change: (at + 1) % 3 === 0 ? leap : at === 1 ? hide : () => {} }))
  await writeClips({ storeDir, dataset: 'tiny', skeletons: [legs], clips })
  await writeFile(join(storeDir, 'catalog.yaml'), text)
  return { storeDir, catalogFiles: [join(storeDir, 'catalog.yaml')] }
}

test('counts every code, names clip, frames and joints', async () => {
  const found = await validate({ ...await storeOf(4), datasets: ['tiny'], checks })
  expect(found).toMatchObject({
    clips: 4, frames: 48, truncated: false, counts: [
      { code: 'joint-teleport', severity: 'warn', findings: 1, clips: 1, title: 'a joint jumps away for one frame and back' },
      { code: 'bone-length-jump', severity: 'warn', findings: 1, clips: 1 }, { code: 'no-observed-joint', severity: 'warn', findings: 1, clips: 1 }] })
  expect(found.findings.map(({ dataset, code, clip, start, end, joints }) => [dataset, code, clip, start, end, joints])).toEqual([
    ['tiny', 'joint-teleport', 'tiny/0003', 5, 6, ['left_foot']], ['tiny', 'bone-length-jump', 'tiny/0003', 5, 6, ['left_knee', 'left_foot']],
    ['tiny', 'no-observed-joint', 'tiny/0002', 7, 8, []]])
})

test('a limit keeps the first clips by id, however they lie in shards, and counts all', async () => {
  const found = await validate({ ...await storeOf(300), datasets: ['tiny'], checks: selectChecks({ select: ['joint-teleport'] }), limit: 3 })
  expect(found.findings.map(({ clip }) => clip)).toEqual(['tiny/0003', 'tiny/0006', 'tiny/0009'])
  expect([found.truncated, found.counts.map(({ findings, clips }) => [findings, clips])]).toEqual([true, [[100, 100]]])
})

test('the skeleton itself is looked at, once', async () => {
  const place = await storeOf(3, catalog.replace('pairs: [[left_knee, right_knee], [left_foot, right_foot]]', 'pairs: [[left_knee, right_knee]]'))
  expect((await validate({ ...place, datasets: ['tiny'], checks })).findings.filter(({ clip }) => clip === null).map(({ code, message }) => [code, message])).toEqual([
    ['skeleton-pairs', 'skeleton legs: the bone left_knee - left_foot has no mirror image right_knee - left_foot'],
    ['skeleton-pairs', 'skeleton legs: the bone right_knee - right_foot has no mirror image left_knee - right_foot']])
})

describe('what cannot be looked at', () => {
  test('a data set that the store or the catalog does not know', async () => {
    const place = await storeOf(1)
    await expect(validate({ ...place, datasets: ['tidy'], checks })).rejects.toMatchObject({ code: 'E_DATASET_UNKNOWN', message: 'no data set "tidy"' })
    await expect(validate({ ...place, datasets: ['h2o'], checks })).rejects.toMatchObject({ code: 'E_NOT_INGESTED' })
    await expect(validate({ storeDir: place.storeDir, datasets: ['tiny'], checks })).rejects.toMatchObject({ code: 'E_DATASET_UNKNOWN', message: 'no data set "tiny"' })
  })

  test('a skeleton that is not what it was', async () => {
    const renamed = await storeOf(1, catalog.replaceAll('hip', 'pelvis'))
    await expect(validate({ ...renamed, datasets: ['tiny'], checks })).rejects.toMatchObject({
      code: 'E_SKELETON_CHANGED', message: 'the skeleton "legs" of tiny has other joints in the catalog than in the store' })
    const gone = await storeOf(1, catalog.replace('  legs:', '  arms:').replace('skeleton: legs', 'skeleton: arms'))
    await expect(validate({ ...gone, datasets: ['tiny'], checks })).rejects.toMatchObject({
      code: 'E_SKELETON_CHANGED', message: 'the skeleton "legs" of tiny is not in the catalog' })
  })

  test('a stop in between', async () => {
    await expect(validate({ ...await storeOf(3), datasets: ['tiny'], checks, signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped')
  })
})

describe('selectChecks', () => {
  const codes = (...args: Parameters<typeof selectChecks>): string[] => selectChecks(...args).map(({ code }) => code)

  test('all, some, all but some', () => {
    expect(codes({})).toEqual(checks.map(({ code }) => code))
    expect(codes({ select: ['phase-gap', 'off-image'], ignore: ['off-image'] })).toEqual(['phase-gap'])
    expect(codes({ ignore: ['off-image'] })).toHaveLength(checks.length - 1)
  })

  test('an unknown code is answered with the nearest', () => {
    expect(() => selectChecks({ ignore: ['frozen-joints'] })).toThrow(expect.objectContaining({
      code: 'E_CHECK_UNKNOWN', message: 'no check "frozen-joints"', hint: expect.stringMatching(/^did you mean "frozen-joint"\? There are: skeleton-pairs, /) }))
  })
})

test('codes are words that stay apart', () => {
  const codes = checks.map(({ code }) => code)
  expect(new Set(codes).size).toBe(codes.length)
  expect(codes.filter((code) => !/^[a-z]+(-[a-z]+)+$/.test(code))).toEqual([])
})

test('findings go to a Parquet file, lists and nulls as such', async () => {
  const file = join(await temporaryFolder(), 'findings.parquet')
  const { findings } = await validate({ ...await storeOf(3), datasets: ['tiny'], checks })
  await writeFindings(file, findings)
  const [code, clip, start, joints, value] = await withDuck((duck) => readRows(duck, { files: [file] }, [
    { name: 'code', type: 'text' }, { name: 'clip', type: 'text' }, { name: 'start', type: 'integer' }, { name: 'joints', type: 'texts' }, { name: 'value', type: 'double' }]))
    .then((rows) => rows[0]!)
  expect([code, clip, start, joints, value]).toEqual(['joint-teleport', 'tiny/0003', 5, ['left_foot'], expect.closeTo(1.8025, 4)])
  expect(findingTable({ findings }).columns).toEqual(['dataset', 'code', 'severity', 'clip', 'person', 'start', 'end', 'joints', 'value', 'limit', 'message'])
})

describe('for people', () => {
  test('code by code, with examples and what is left out', async () => {
    const found = await validate({ ...await storeOf(15), datasets: ['tiny'], checks: selectChecks({ select: ['joint-teleport', 'no-observed-joint'] }) })
    expect(validateText(found, 2)).toBe([
      'warn joint-teleport: 5 in 5 clips: a joint jumps away for one frame and back',
      '  tiny/0003: left_foot jumps 1.80 bone lengths away in frame 5 and back in the next',
      '  tiny/0006: left_foot jumps 1.80 bone lengths away in frame 5 and back in the next',
      '  and 3 more',
      'warn no-observed-joint: 1 in 1 clip: frames in which no joint is observed',
      '  tiny/0002: no joint is observed in frame 7',
      '15 clips, 180 frames: 0 errors, 6 warnings, 0 remarks'].join('\n'))
    expect(firstOfEach(found.findings, 2).map(({ clip }) => clip)).toEqual(['tiny/0003', 'tiny/0006', 'tiny/0002'])
  })
})
