import { describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import type { Clip } from '../../src/clip.ts'
import { makeSplits } from '../../src/queries/index.ts'
import { withGroupedSession } from '../../src/queries/grouped-session.ts'
import { sourceLinks, type SourcePlace } from '../../src/queries/source-clusters/source-links.ts'
import { rebuildMembers } from '../../src/queries/rebuild-members.ts'
import { rowsOf } from '../../src/queries/rows-of.ts'
import { swinging } from '../jobs/penn-store.ts'
import { writeClips } from '../../src/store/index.ts'
import { temporaryFolder } from '../store/folder.ts'

/** A person of six joints on a rectangle of 60 x 80 px: its size is 50 px. */
const person = (clip: string, { left = 0, scale = 1, frame = '480 x 270', absent = [] as readonly number[] } = {}): SourcePlace => {
  const at = (values: readonly number[]): Float64Array => Float64Array.from(values, (value, joint) => (absent.includes(joint) ? NaN : left + scale * value))
  return { clip, frame, x: at([100, 160, 100, 160, 100, 160, 130]), y: at([100, 100, 180, 180, 100, 180, 140]).map((value) => value - left) }
}

describe('two clips are of one source', () => {
  test('when a person stands at the same place: 5 px to the side are 0.1 of a body of 49 px', () => {
    const [size] = [Math.sqrt((6 * 30 ** 2 + 6 * 40 ** 2) / 7)]
    expect(sourceLinks([person('a'), person('b', { left: 5 })])).toEqual([{ first: 'a', second: 'b', distance: expect.closeTo(5 / size) }])
    expect(sourceLinks([person('a'), person('b', { left: 7 })])).toEqual([])
  })

  test('but not at another size, in another picture, or with fewer than six joints in common', () => {
    expect(sourceLinks([person('a'), person('b', { scale: 1.1 })])).toEqual([])
    expect(sourceLinks([person('a'), person('b', { frame: '480 x 360' })])).toEqual([])
    expect(sourceLinks([person('a', { absent: [0] }), person('b', { absent: [1] })])).toEqual([])
    expect(sourceLinks([person('a', { absent: [0] }), person('b')])).toHaveLength(1)
  })
})

/** A person of 13 joints who stands at `left` and sways. */
function standing(number: number, left: number): Clip {
  const id = `penn-action/000${number}`
  const clip = swinging(number, { frames: 12 })
  const places = clip.keypoints!.map((confidence, at) => {
    const [frame, joint, axis] = [Math.floor(at / 39), Math.floor(at / 3) % 13, at % 3]
    return axis === 2 ? confidence : axis === 0 ? left + 20 * (joint % 2) + 3 * Math.sin(frame / 2) : 15 * joint
  })
  return { ...clip, id, group: id, keypoints: places, raw: places.filter((_, at) => at % 3 < 2) }
}

/** Four recordings: a person, 5 px to the side in the second recording, 5 px further in the third; and somebody else. */
async function storeOfFour(): Promise<{ storeDir: string; runsDir: string }> {
  const storeDir = await temporaryFolder()
  const clips = [standing(1, 100), standing(2, 105), standing(3, 110), swinging(4)]
  await writeClips({ storeDir, dataset: 'penn-action', skeletons: entryOf(await readCatalog(), 'penn-action').skeletons, clips })
  return { storeDir, runsDir: `${storeDir}/no-runs` }
}

test('clusters join by way of others and are called by their first recording', async () => {
  const rows = await withGroupedSession(await storeOfFour(), { dataset: 'penn-action', groupKey: 'source_cluster' }, (connection) =>
    rowsOf(connection, 'SELECT id, source_cluster FROM clips ORDER BY id', {}))
  expect(rows.map(({ source_cluster: cluster }) => cluster)).toEqual(['penn-action/0001', 'penn-action/0001', 'penn-action/0001', 'penn-action/0004'])
})

test('a split by source clusters divides none, and may move when there are more clips', async () => {
  const entry = entryOf(await readCatalog(), 'penn-action')
  const place = await storeOfFour()
  const made = await makeSplits({ ...place, entry, maker: { kind: 'kfold', k: 2 }, groupKey: 'source_cluster', seed: 0, allowLeaks: [] })
  expect(made.stable).toBe(false)
  expect(made.splits.map(({ split }) => split.sides.test!.map((id) => id.slice(-1)).join('')).sort()).toEqual(['123', '4'])
  for (const { split } of made.splits) expect(await rebuildMembers(place, split)).toEqual(split.sides)
})
