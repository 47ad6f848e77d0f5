import { beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import { ABSENT, type Clip, OBSERVED, OCCLUDED } from '../../../src/clip.ts'
import type { Plan } from '../../../src/ingest/adapter.ts'
import type { PennFacts } from '../../../src/ingest/adapters/penn-action/penn-discover.ts'
import { pennAction } from '../../../src/ingest/adapters/penn-action/penn-action.ts'
import { contextOf, readOneClip } from '../read-film.ts'
import { realPenn } from '../../shared.ts'

let entry: DatasetEntry
let plan: Plan<PennFacts>
const clips: Clip[] = []

// Expected values: the complete list of quirks and counts that scipy found in the 2,326 official label files.
describe.skipIf(realPenn === null)('the complete real label files', () => {
  beforeAll(async () => {
    entry = entryOf(await readCatalog(), 'penn-action')
    const context = contextOf(entry, realPenn!)
    plan = await pennAction.discover(context)
    for (const item of plan.items) clips.push(await readOneClip(pennAction, context, item))
  })

  test('are recognised as the whole download', () => {
    expect(plan).toMatchObject({ complete: true, hasFrames: false, missing: ['frames', 'TCC phase labels'], ignored: [] })
  })

  test('are 2,326 clips and 163,841 frames, 1,258 to train and 1,068 to test', () => {
    const frames = countFrames(() => true)
    const train = clips.filter(isTrain).length
    expect({ recordings: clips.length, frames, train, test: clips.length - train }).toEqual(entry.counts)
    expect(countFrames(isTrain)).toBe(87543)
  })

  test('agree with every action\'s published ids and counts', () => {
    const found = entry.actions.map((name) => {
      const own = clips.filter(({ labels }) => labels.action === name)
      return { name, ids: [number(own[0]!), number(own.at(-1)!)], counts: { train: own.filter(isTrain).length, test: own.length - own.filter(isTrain).length } }
    })
    expect(found).toEqual(entry.actionEntries.map(({ name, ids, counts }) => ({ name, ids, counts })))
  })

  test('show 612 clips from the front, 604 from behind, 597 and 513 from the sides', () => {
    expect(tally(clips.map(({ labels }) => labels.view!))).toEqual({ front: 612, back: 604, right: 597, left: 513 })
  })

  test('have 187,352 joints parked in the corner and 282,149 occluded ones of 2,129,933', () => {
    const states = [0, 0, 0]
    for (const clip of clips) for (const state of clip.states!) states[state]!++
    expect(states[ABSENT]).toBe(187352)
    expect(states[OCCLUDED]! + states[ABSENT]!).toBe(469501)
    expect(states[OBSERVED]! + states[OCCLUDED]! + states[ABSENT]!).toBe(2129933)
  })

  test('null the coordinates of absent joints and keep them raw', () => {
    const clip = clips.find(({ states }) => states!.includes(ABSENT))!
    const at = clip.states!.indexOf(ABSENT)
    expect([...clip.keypoints!.subarray(3 * at, 3 * at + 3)]).toEqual([NaN, NaN, 0])
    expect(Math.max(...clip.raw!.subarray(2 * at, 2 * at + 2))).toBeLessThanOrEqual(2)
  })

  test.each([
    ['box-missing-last-frame', '1154 1865'],
    ['degenerate-box', '0038 0374 0525 0541 0600 0623 0645 0700 1825 2173'],
    ['frames-without-observed-joint', '0188 0449 0553 0623 0629 0645 0700 1303 1516 1525 1600 2173 2310 2312 2317'],
    ['joints-outside-image', '0979 1021 1024 1032'],
    ['no-observed-joint', '1516'],
    ['visibility-not-logical', '0743'],
  ])('%s: %s', (flag, ids) => {
    expect(clips.filter(({ flags }) => flags.includes(flag)).map(({ id }) => id.slice(-4)).join(' ')).toBe(ids)
  })

  test('have 185 frames with a box turned inside out and 177 without an observed joint', () => {
    expect(countFrames(({ boxes }, frame) => boxes![4 * frame + 2]! <= boxes![4 * frame]! || boxes![4 * frame + 3]! <= boxes![4 * frame + 1]!)).toBe(185)
    expect(countFrames(({ states }, frame) => !states!.subarray(13 * frame, 13 * frame + 13).includes(OBSERVED))).toBe(177)
  })

  test('carry no other flag', () => {
    expect(Object.keys(tally(clips.flatMap(({ flags }) => flags))).sort()).toEqual([
      'box-missing-last-frame', 'degenerate-box', 'frames-without-observed-joint', 'joints-outside-image', 'no-observed-joint', 'visibility-not-logical'])
  })

  test('have no box in the last frame of 1154, and a box before it', () => {
    const { boxes, frames } = clips[1153]!
    expect([frames, boxes!.length]).toEqual([72, 288])
    expect([...boxes!.subarray(284)]).toEqual([NaN, NaN, NaN, NaN])
    expect([...boxes!.subarray(280, 284)].every(Number.isFinite)).toBe(true)
  })

  test('0001 is what scipy reads', () => {
    // scipy.io.loadmat('0001.mat') 1.17.1: x[0, :2], y[0, :2], bbox[0], dimensions
    const clip = clips[0]!
    expect(clip).toMatchObject({
      id: 'penn-action/0001', group: 'penn-action/0001', fps: null, width: 480, height: 360, frames: 151, persons: 1, joints: 13, dims: 2, source: 'manual',
      labels: { action: 'baseball_pitch', officialSplit: 'test', view: 'back', phases: null }, flags: [],
      files: [{ path: 'labels/0001.mat', bytes: 6108, sha256: '2522a50af31fdc87c0805604a213cd87c1caa50e20ccc4cce5aba57cb5be418b', role: 'label', frame: null, place: null }],
    })
    expect([...clip.keypoints!.subarray(0, 9)]).toEqual([136.5, 71.25, 1, 135, 102.75, 1, 102.75, 99, 0.5])
    expect([...clip.boxes!.subarray(0, 4)]).toEqual([86.25, 45.75, 168.75, 350.25])
    expect([...clip.time.subarray(0, 3)]).toEqual([0, 1, 2])
  })
})

function isTrain({ labels }: Clip): boolean {
  return labels.officialSplit === 'train'
}

function number({ id }: Clip): number {
  return Number(id.slice(-4))
}

function countFrames(isSo: (clip: Clip, frame: number) => boolean): number {
  return clips.reduce((count, clip) => count + Array.from({ length: clip.frames }, (_, frame) => isSo(clip, frame)).filter(Boolean).length, 0)
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
