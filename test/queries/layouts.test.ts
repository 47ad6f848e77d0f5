import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { runQuery } from '../../src/queries/index.ts'
import { writeClips } from '../../src/store/index.ts'
import { makeClip, makeClips, skeletons, spatial, three } from '../store/clips.ts'

let place: { storeDir: string; runsDir: string }
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'posetta-views-'))
  place = { storeDir: join(folder, 'store'), runsDir: join(folder, 'runs') }
  const clips = [spatial('tiny/a#3d'), makeClip('tiny/b'), makeClip('tiny/c', { skeleton: null, joints: 0, keypoints: null, states: null, raw: null, boxes: null })]
  await writeClips({ storeDir: place.storeDir, dataset: 'tiny', skeletons: [...skeletons, three], clips })
})

const rows = async (sql: string): Promise<unknown> => (await runQuery(place, sql)).rows

describe('a data set of several layouts, which no catalog at hand describes', () => {
  test('has one table of frames, with the columns that all have', async () => {
    expect(await rows('select clip_id, count(*) as frames from frames group by 1 order by 1')).toEqual([['tiny/a#3d', 4], ['tiny/b', 3], ['tiny/c', 3]])
  })

  test('gives joints in two and in three dimensions, by name', async () => {
    expect(await rows("select clip_id, joint, x, y, z from joints where frame = 0 and person = 0 and joint in ('b', 'head') order by clip_id")).toEqual([
      ['tiny/a#3d', 'b', 3 / 8, 4 / 8, 5 / 8], ['tiny/b', 'head', expect.any(Number), expect.any(Number), null]])
  })

  test('gives signals in the long form, without those that are not there', async () => {
    expect(await rows('select frame, signal, value from signals order by frame, signal')).toEqual([
      [0, 'camera_pose_00', 1.5], [1, 'camera_pose_00', 2.5], [1, 'flag', 1]])
  })

  test('gives segments, sides, cameras, and the raw file of a frame in one join', async () => {
    expect(await rows('select track, segment, start, "end", label, number from segments order by track, segment')).toEqual([
      ['action', 0, 0, 2, 'grab', 1], ['action', 1, 1, 2, 'place', null], ['verb', 0, 0, 1, 'grab', 7]])
    expect(await rows('select split, side from sides order by split')).toEqual([['xset', 'test'], ['xsub', 'train']])
    expect(await rows('select fx, k3, r23, tz, unit, dataset from cameras order by clip_id')).toEqual([[1000.25, -0.2, -1, 3.5, 'cm', 'tiny']])
    expect(await rows(`select frames.frame, files.path, files.sha256, files.place from frames join files on files.clip_id = frames.clip_id and coalesce(files.frame, frames.frame) = frames.frame
      where frames.clip_id = 'tiny/a#3d' and person = 0 order by frames.frame, files.path`)).toEqual([
      [0, 'list.txt', 'b'.repeat(64), 'row 17'], [1, 'list.txt', 'b'.repeat(64), 'row 17'], [1, 'pose/000001.txt', 'a'.repeat(64), null]])
  })
})

test.each(['a [b] *?', "it's é"])('a store may lie in a folder named %s, and be reached through a link', async (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'posetta-names-'))
  await writeClips({ storeDir: join(folder, name), dataset: 'tiny', skeletons, clips: makeClips(3) })
  symlinkSync(join(folder, name), join(folder, 'linked'))
  for (const storeDir of [join(folder, name), join(folder, 'linked')]) {
    // clips of 2, 3 and 4 frames, two joints
    expect((await runQuery({ storeDir, runsDir: join(folder, 'runs') }, 'select count(*) from joints')).rows).toEqual([[18]])
  }
})
