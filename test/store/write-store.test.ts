import { expect, test } from 'vitest'
import { readClips } from '../../src/store/read-clips.ts'
import { writeClips } from '../../src/store/write-store.ts'
import { makeClip, makeClips, schema } from './clips.ts'
import { hashTree, temporaryFolder } from './folder.ts'

const place = (storeDir: string) => ({ storeDir, dataset: 'tiny', schema })

test('gives back the clips it was given, bit for bit and sorted by id', async () => {
  const storeDir = await temporaryFolder()
  const clips = [
    makeClip('tiny/b', { fps: 29.97, framePaths: ['f/1.jpg', 'f/2.jpg', 'f/3.jpg'], flags: [], boxes: null }),
    makeClip('tiny/a', { persons: 2, labels: { ...makeClip('x/y').labels, phases: [{ start: 0, end: 2, label: 'down' }, { start: 2, end: 3, label: 'up' }] } }),
    makeClip('tiny/c', { keypoints: null, states: null, raw: null, files: [], flags: ['labels-only', 'second'] }),
  ]
  await writeClips({ ...place(storeDir), clips })
  expect(await readClips(storeDir, 'tiny', undefined, { raw: true })).toEqual([clips[1], clips[0], clips[2]])
})

test('the order of writing leaves no trace: same files, same bytes, same root', async () => {
  const [one, two] = [await temporaryFolder(), await temporaryFolder()]
  const clips = makeClips(300)
  await writeClips({ ...place(one), clips })
  await writeClips({ ...place(two), clips: clips.toReversed() })
  const tree = await hashTree(one)
  expect(Object.keys(tree)).toHaveLength(7)
  expect(await hashTree(two)).toEqual(tree)
})
