import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runQuery } from '../../src/queries/index.ts'
import { listSaved, savedQuery } from '../../src/queries/saved-queries.ts'
import { writeClips } from '../../src/store/index.ts'
import { makeClip, skeletons, spatial, three } from '../store/clips.ts'

const folder = mkdtempSync(join(tmpdir(), 'posetta-saved-'))
const [place, own] = [{ storeDir: join(folder, 'store'), runsDir: join(folder, 'runs') }, join(folder, 'queries')]
beforeAll(async () => {
  const squat = { ...makeClip('tiny/a').labels, phases: [{ start: 0, end: 2, label: 'down' }, { start: 2, end: 3, label: 'up' }] }
  const clips = [makeClip('tiny/a', { labels: squat }), makeClip('tiny/b', { frames: 5, labels: { ...makeClip('tiny/b').labels, officialSplit: 'test' } }), spatial('tiny/c')]
  const bad = { source: 'x.mat', code: 'E_MAT', message: 'cut short', offset: null, sha256: null, readmit: 'mend it' }
  await writeClips({ storeDir: place.storeDir, dataset: 'tiny', skeletons: [...skeletons, three], clips, quarantined: [bad] })
  mkdirSync(own)
  writeFileSync(join(own, 'mine.sql'), '-- all clips of an action\nselect id from clips where action = $action order by id')
  writeFileSync(join(own, 'quarantine.sql'), 'select 1 as mine')
  writeFileSync(join(own, 'notes.txt'), '')
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('saved queries', () => {
  test('are those of the package and one\'s own, which stand in place of the package\'s', async () => {
    const queries = await listSaved(own)
    expect(queries.map(({ name }) => name)).toEqual(['clips-per-action', 'fastest-frames', 'files-of-clip', 'flags', 'labels-per-track', 'longest-clips', 'measures', 'mine', 'missing-joints', 'phases-per-action',
      'quarantine', 'range-of-angle', 'split-balance'])
    expect(queries.filter(({ origin }) => origin === 'own')).toMatchObject([{ name: 'mine', about: 'all clips of an action', parameters: ['action'] }, { name: 'quarantine', about: '', parameters: [] }])
    expect((await listSaved(join(folder, 'nowhere'))).every(({ origin, about }) => origin === 'package' && about !== '')).toBe(true)
  })

  test('that are not there are answered with the nearest', async () => {
    await expect(savedQuery('clip-per-action', own)).rejects.toMatchObject({ code: 'E_SAVED_UNKNOWN', message: 'no saved query "clip-per-action"', hint: expect.stringMatching(/^did you mean "clips-per-action"\? There are: /) })
  })

  test.each([
    ['clips-per-action', {}, [['tiny', 'squat', 3, 1, 1, 10]]],
    ['phases-per-action', {}, [['tiny', 'squat', 0, 'down', 1, 2, 2, 2], ['tiny', 'squat', 1, 'up', 1, 1, 1, 1]]],
    ['longest-clips', {}, [['tiny/b', 'squat', 5, null], ['tiny/a', 'squat', 3, null], ['tiny/c', 'squat', 2, null]]],
    ['labels-per-track', {}, [['tiny', 'action', 'grab', 1, 1, 2], ['tiny', 'action', 'place', 1, 1, 1], ['tiny', 'verb', 'grab', 1, 1, 1]]],
    ['files-of-clip', { clip: 'tiny/a' }, [['labels/tiny/a.mat', 'label', null, null, 4321, '0'.repeat(64)]]],
    ['flags', {}, [['tiny', 'box-missing-last-frame', 3, 'tiny/a']]],
    ['split-balance', {}, []],
    ['measures', {}, []],
    ['mine', { action: 'squat' }, [['tiny/a'], ['tiny/b'], ['tiny/c']]],
    ['quarantine', {}, [[1]]],
  ])('%s', async (name, values, rows) => {
    expect((await runQuery(place, (await savedQuery(name, own)).sql, { values })).rows).toEqual(rows)
  })

  test('missing-joints, range-of-angle, fastest-frames, quarantine: states, degrees, ways and reasons of the package', async () => {
    const rows = async (name: string, values = {}): Promise<unknown> => (await runQuery(place, (await savedQuery(name, join(folder, 'nowhere'))).sql, { values })).rows
    // makeClip: observed, occluded, absent in turn: head O A C and O A C O A, left_hand C O A and C O A C O; spatial: joint c of the second person once
    expect(await rows('missing-joints')).toEqual([['tiny', 'head', 8, 0.375, 0.25], ['tiny', 'c', 4, 0.25, 0], ['tiny', 'left_hand', 8, 0.25, 0.375], ['tiny', 'a', 4, 0, 0], ['tiny', 'b', 4, 0, 0]])
    // the joints of a frame lie on a straight line
    expect(await rows('range-of-angle', { a: 'a', b: 'b', c: 'c' })).toEqual([['tiny', 'squat', 1, 180, 180, 180]])
    // from frame 0 to 1 each joint of a person moves by 18 cells of 1/8 along each axis
    expect((await rows('fastest-frames', { joint: 'b' }) as unknown[]).slice(0, 2)).toEqual([['tiny/c', 1, 0, 3.9, 'cm'], ['tiny/c', 1, 1, 3.9, 'cm']])
    expect(await rows('quarantine')).toEqual([['tiny', 'E_MAT', 1, 'x.mat', 'cut short', 'mend it']])
  })
})
