import { expect, test } from 'vitest'
import type { Clip } from '../../src/clip.ts'
import { diffVersions } from '../../src/store/diff-versions.ts'
import { writeClips } from '../../src/store/write-clips.ts'
import { makeClip, makeClips, skeletons } from './clips.ts'
import { temporaryFolder } from './folder.ts'

async function twoVersions(before: readonly Clip[], after: readonly Clip[]): Promise<string> {
  const storeDir = await temporaryFolder()
  for (const clips of [before, after]) await writeClips({ storeDir, dataset: 'tiny', skeletons, clips })
  return storeDir
}

test('names the clips that came and went, whatever shards they are in', async () => {
  const clips = makeClips(700)
  const storeDir = await twoVersions(clips.slice(0, 250), [...clips.slice(1, 250), ...clips.slice(690)])
  const diff = await diffVersions(storeDir, 'tiny', 'newest~1', 'newest')
  expect(diff).toMatchObject({ added: clips.slice(690).map(({ id }) => id), removed: ['tiny/0001'], changed: [], pictures: [], quarantine: { added: [], removed: [] } })
  expect(await diffVersions(storeDir, 'tiny', 'newest', 'newest~1')).toMatchObject({ added: diff.removed, removed: diff.added })
})

test('says which joints moved, in how many rows and by how much', async () => {
  const clip = makeClip('tiny/0001', { frames: 3 })
  const [keypoints, raw] = [clip.keypoints!.slice(), clip.raw!.slice()]
  // the hand (joint 1) of frame 0 by (3, 4) and of frame 2 by (0, 1); [frame, person, joint, (x, y, confidence)]
  const perFrame = keypoints.length / 3
  for (const [frame, dx, dy] of [[0, 3, 4], [2, 0, 1]] as const) {
    const at = frame * perFrame + 3
    keypoints[at] = keypoints[at]! + dx
    keypoints[at + 1] = keypoints[at + 1]! + dy
    const place = (frame * raw.length) / 3 + 2
    raw[place] = raw[place]! + dx
    raw[place + 1] = raw[place + 1]! + dy
  }
  const storeDir = await twoVersions([clip], [{ ...clip, keypoints, raw }])
  const { changed } = await diffVersions(storeDir, 'tiny', 'newest~1', 'newest')
  expect(changed).toEqual([{ clip: 'tiny/0001', columns: [], tables: [], frames: [], joints: [{ joint: 'left_hand', moved: 2, mean: 3, max: 5, confidences: 0, states: 0 }] }])
})

test('says which labels differ, with both values', async () => {
  const clip = makeClip('tiny/0001', { frames: 3 })
  const labels = { ...clip.labels, action: 'bowl', phases: [{ start: 0, end: 3, label: 'swing' }] }
  const storeDir = await twoVersions([clip], [{ ...clip, labels, time: Float32Array.of(0, 1, 2.5) }])
  expect((await diffVersions(storeDir, 'tiny', 'newest~1', 'newest')).changed).toEqual([{
    clip: 'tiny/0001', columns: [{ column: 'action', from: 'squat', to: 'bowl' }, { column: 'has_phases', from: false, to: true }],
    tables: [{ table: 'phases', removed: [], added: [[0, 0, 3, 'swing']] }], joints: [], frames: [{ column: 'time', rows: 1 }] }])
})

test('rows of clips of another length have no counterparts', async () => {
  const storeDir = await twoVersions([makeClip('tiny/0001', { frames: 3 })], [makeClip('tiny/0001', { frames: 4 })])
  expect((await diffVersions(storeDir, 'tiny', 'newest~1', 'newest')).changed).toEqual([
    { clip: 'tiny/0001', columns: [{ column: 'n_frames', from: 3, to: 4 }], tables: [], joints: [], frames: [] }])
})
