import { expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { readSides } from '../../src/jobs/eval-sides.ts'
import { trainDefaults } from '../../src/jobs/train-config.ts'
import { hashSides } from '../../src/split.ts'
import { readManifest, writeClips, writeSplit } from '../../src/store/index.ts'
import { clipOf } from '../eval/clips.ts'
import { temporaryFolder } from '../store/folder.ts'

/** A clip of the first skeleton of IKEA ASM, or of another that its stores hold as well. */
const clipWith = (id: string, skeleton: string, joints: number) => {
  const { keypoints, ...clip } = clipOf(id, 12, { action: 'assembly', place: (t, joint) => [60 + joint, 40 + t] })
  const points = 12 * joints
  return { ...clip, dataset: 'ikea-asm', skeleton, joints, keypoints: Float32Array.from({ length: points * 3 }, (_, at) => (at % 3 === 2 ? 1 : keypoints![at % keypoints!.length]!)), states: new Uint8Array(points) }
}

test('clips of the test side with other joints than the model takes are told apart, not measured', async () => {
  const [storeDir, entry] = [await temporaryFolder(), entryOf(await readCatalog(), 'ikea-asm')]
  const [first, other] = entry.skeletons
  const clips = [clipWith('ikea-asm/a', first!.name, first!.joints.length), clipWith('ikea-asm/b', first!.name, first!.joints.length), clipWith('ikea-asm/c', other!.name, other!.joints.length)]
  await writeClips({ storeDir, dataset: 'ikea-asm', skeletons: entry.skeletons, clips })
  const { root } = await readManifest(storeDir, 'ikea-asm')
  const sides = { train: ['ikea-asm/a'], test: ['ikea-asm/b', 'ikea-asm/c'] }
  const hash = hashSides(sides)
  await writeSplit(storeDir, { name: 'made', dataset: 'ikea-asm', query: 'made', groupKey: 'group_id', seed: 0, salt: '0', sides, hash }, root)
  const of = { run: 'one', dataset: 'ikea-asm', split: { name: 'made', hash }, root, action: null }
  const found = await readSides({ storeDir }, { ...of, model: 'la2ds', config: trainDefaults })
  expect([found.test.map(({ id }) => id), found.leftOut.map(({ id }) => id)]).toEqual([['ikea-asm/b'], ['ikea-asm/c']])
  expect((await readSides({ storeDir }, of)).leftOut).toEqual([])
})
