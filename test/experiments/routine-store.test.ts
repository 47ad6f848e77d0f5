import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keptSplit } from '../../experiments/table/kept-split.ts'
import { routineStore } from '../../experiments/table/routine-store.ts'
import { twinStore } from '../../experiments/table/twin-store.ts'
import { ikeaTruth } from '../../src/ingest/synthetic/ikea-asm/ikea-truth.ts'
import { readClips, readManifest, readSplit, writeClips } from '../../src/store/index.ts'
import { clipOf } from '../eval/clips.ts'
import { temporaryFolder } from '../store/folder.ts'

const request = {
  dataset: 'ikea-asm', track: 'action', background: ['NA'], camera: 'dev3', sources: ['keypoint-rcnn-ft-all'], hint: 'there they are',
  routines: [{ name: 'leg', steps: ['pick up leg', 'align leg screw with table thread', 'spin leg'] }],
}
const DEEDS = JSON.stringify([[2, 2], [5, 1], [6, 1]])
const SCANS = 6

test('steps of the routines of a twin are where the twin knows them to be, in 2D and 3D, and a second call finds them', async () => {
  const place = { storeDir: join(await temporaryFolder(), 'store'), runsDir: await temporaryFolder() }
  expect(await twinStore(place.storeDir, { dataset: 'ikea-asm', clips: SCANS })).toBe(true)
  const folder = await routineStore(place, request)
  const legs = ikeaTruth({ scans: SCANS, seed: 0, flaws: false }).scans.flatMap(({ path, stretches }) => stretches.flatMap((_, at) => {
    const [up, align, spin] = stretches.slice(at, at + 3)
    return JSON.stringify([up, align, spin].map((one) => one?.deed)) === DEEDS ? [`${path} ${spin!.end - up!.start} ${align!.start - up!.start} ${spin!.start - up!.start}`] : []
  }))
  const clips = await readClips(folder, 'ikea-asm')
  const found = (dims: number) => clips.filter((clip) => clip.dims === dims).map(({ group, frames, labels }) => `${group.slice('ikea-asm/'.length)} ${frames} ${labels.phases![1]!.start} ${labels.phases![2]!.start}`)
  expect([legs.length > 2, new Set(clips.map(({ persons }) => persons))]).toEqual([true, new Set([1])])
  expect(found(2).sort()).toEqual(legs.toSorted())
  expect(found(3).sort()).toEqual(legs.toSorted())
  const { root } = await readManifest(folder, 'ikea-asm')
  expect([await twinStore(place.storeDir, { dataset: 'ikea-asm', clips: SCANS }), await routineStore(place, request), (await readManifest(folder, 'ikea-asm')).root]).toEqual([true, folder, root])
})

test('a split is made once', async () => {
  const storeDir = await temporaryFolder()
  await writeClips({ storeDir, dataset: 'h2o', skeletons: [], clips: ['a', 'b'].map((id) => ({ ...clipOf(`h2o/${id}`, 9), dataset: 'h2o', skeleton: null, keypoints: null, states: null, raw: null, persons: 0, joints: 0 })) })
  const place = { storeDir, runsDir: await temporaryFolder() }
  const sql = "SELECT CASE id WHEN 'h2o/a' THEN 'train' ELSE 'test' END AS side, id AS clip_id FROM clips ORDER BY clip_id"
  for (const _ of [1, 2]) await keptSplit(place, { dataset: 'h2o', split: 'mine' }, sql)
  expect((await readSplit(storeDir, 'h2o', 'mine')).sides).toEqual({ train: ['h2o/a'], test: ['h2o/b'] })
})

test('a store with labels alone is refused, and says what is missing', async () => {
  const storeDir = await temporaryFolder()
  const labelled = { ...clipOf('ikea-asm/scan', 9), dataset: 'ikea-asm', skeleton: null, keypoints: null, states: null, raw: null, persons: 0, joints: 0 }
  await writeClips({ storeDir, dataset: 'ikea-asm', skeletons: [], clips: [labelled] })
  await expect(routineStore({ storeDir, runsDir: await temporaryFolder() }, request)).rejects.toMatchObject({
    code: 'E_ROUTINES_POSES', hint: 'there they are', message: `store "${storeDir}" has 1 recordings of ikea-asm, and no coco-17 joints of camera dev3 in any of them: labels alone cannot be aligned` })
})
