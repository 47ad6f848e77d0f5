import { describe, expect, test } from 'vitest'
import { eventsOf } from '../../src/eval/events.ts'
import { phasesOf, phaseTime } from '../../src/eval/phases.ts'
import { pseudoPhases } from '../../src/eval/pseudo-phases.ts'
import { sha256 } from '../../src/hash.ts'
import { realPenn } from '../shared.ts'
import { clipOf } from './clips.ts'
import { realClips } from './real-clips.ts'

/** The head rises from 100 to `top` at frame 10 and falls again. */
const pullup = (frames = 20) => clipOf('a', frames, { place: (t, joint) => [joint, joint === 0 ? 100 + Math.abs(t - 10) : 150] })

const jacks = (wrist: (t: number) => number) => clipOf('a', 40,
  { action: 'jumping_jacks', place: (t, joint) => [joint, joint === 5 || joint === 6 ? wrist(t) : 100] })

describe.skipIf(realPenn === null)('the real clips', () => {
  // recorded from pseudo_phases of floors/penn.py (numpy 2.4.6) by bench/peers/eval_reference.py
  test.each([
    ['bench_press', 133, 10997, 'ee7c8cf8e3c376cf64c60a55737c97b895f675ed6823010c27cd6a7a99277756'],
    ['jumping_jacks', 109, 3267, 'eaaa3aca2defa353cfc9ee862c753ca63ac22a37b8e15fec2c2c03d4cd3aa71c'],
    ['pullup', 199, 13865, '26565a6c1d050bca4cd469aaf4852233ff0c027d8be2b5b3fa10405237fa83d0'],
    ['pushup', 208, 10341, 'a74966314477397d68696917a91379c877896c11b9b47e4cf0857c5f403f6930'],
    ['situp', 100, 8763, '978739705b59f46e6d6625d94331b261331c47a34c45979e68042ad210634588'],
  ] as const)('%s: %i clips with phases, every frame as numpy has it', async (action, clips, frames, hash) => {
    const found = (await realClips(action)).flatMap((clip) => pseudoPhases(clip) ?? [])
    expect([found.length, found.reduce((sum, phases) => sum + phases.length, 0), sha256(...found)]).toEqual([clips, frames, hash])
  })
})

test('cuts a pullup where the smoothed head is highest', () => {
  expect([...pseudoPhases(pullup())!]).toEqual([...Array<number>(10).fill(0), ...Array<number>(10).fill(1)])
})

test('knows nothing of an extremum in the first or last tenth, of other actions, of other skeletons', () => {
  expect(pseudoPhases(clipOf('a', 30, { place: (t) => [0, 100 - t] }))).toBeNull()
  expect(pseudoPhases(clipOf('a', 20, { action: 'bowl' }))).toBeNull()
  expect(pseudoPhases({ ...pullup(), skeleton: 'coco-17' })).toBeNull()
})

test('gives no phases to jumping jacks whose wrists do not cross the shoulders exactly twice', () => {
  expect([...new Set(pseudoPhases(jacks((t) => 60 + 5 * Math.abs(t - 20))))]).toEqual([0, 1, 2, 3])
  expect(pseudoPhases(jacks((t) => 100 + 50 * Math.cos(t)))).toBeNull()
})

test('annotated phases come before the rule', () => {
  const clip = pullup()
  const annotated = { ...clip, labels: { ...clip.labels, phases: [{ start: 0, end: 4, label: 'up' }, { start: 4, end: 20, label: 'down' }] } }
  expect(phasesOf(annotated)).toMatchObject({ kind: 'annotated' })
  expect(phasesOf(annotated)!.phases.indexOf(1)).toBe(4)
  expect(phasesOf(clip)).toMatchObject({ kind: 'pseudo' })
})

test('phase time is k + the share of phase k that has passed, at the middle of a frame', () => {
  expect(phaseTime([0, 0, 1, 1, 1, 1])).toBeAllclose([0.25, 0.75, 1.125, 1.375, 1.625, 1.875])
})

test('events are half-rise, extremum and half-fall, and the span lies between the outer two', () => {
  // smoothed over 5 frames the head is 101.2 px down at the top and 109.4 px at the start: midway is 5.3 frames from the top
  expect(eventsOf(pullup())).toEqual({ kind: 'pseudo', frames: [5, 10, 15], span: 10 })
})

test('events of annotated phases are where phases begin', () => {
  const clip = pullup()
  const phases = [0, 5, 9, 16].map((start, index, starts) => ({ start, end: starts[index + 1] ?? 20, label: `${index}` }))
  expect(eventsOf({ ...clip, labels: { ...clip.labels, phases } })).toEqual({ kind: 'annotated', frames: [5, 9, 16], span: 11 })
})
