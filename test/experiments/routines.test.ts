import { expect, test } from 'vitest'
import { routinesOf } from '../../experiments/table/routines.ts'
import type { Clip } from '../../src/clip.ts'
import { clipOf } from '../eval/clips.ts'

const LEG = { name: 'leg', steps: ['pick up leg', 'align', 'spin'] }
const where = { track: 'action', background: ['NA'] }

/** A recording of 40 frames with segments, label and frames [start, end). */
function recording(...segments: readonly (readonly [string, number, number])[]): Clip {
  const clip = clipOf('ikea-asm/scan/dev3#keypoint-rcnn', 40)
  return { ...clip, labels: { ...clip.labels, phases: null, segments: segments.map(([label, start, end]) => ({ track: 'action', label, start, end, number: null })) } }
}

test('a routine is a clip from its first step to the end of its last, steps as phases, a pause with the step before it', () => {
  const [leg, ...others] = routinesOf(recording(['flip', 0, 3], ['pick up leg', 4, 10], ['align', 12, 20], ['NA', 20, 22], ['spin', 22, 30], ['flip', 30, 40]), [LEG], where)
  expect(others).toEqual([])
  expect(leg).toMatchObject({ id: 'ikea-asm/scan/dev3/leg-1#keypoint-rcnn', frames: 26, labels: { action: 'leg', phases: [
    { label: 'pick up leg', start: 0, end: 8 }, { label: 'align', start: 8, end: 18 }, { label: 'spin', start: 18, end: 26 }] } })
  expect([leg!.time[0], leg!.time[25]]).toEqual([0, 25])
})

test('a step that is taken up again is one step; another order, or something else in between, is no routine', () => {
  const twice = routinesOf(recording(['pick up leg', 0, 4], ['align', 4, 8], ['NA', 8, 9], ['align', 9, 12], ['spin', 12, 16]), [LEG], where)
  expect(twice[0]!.labels.phases!.map(({ start }) => start)).toEqual([0, 4, 12])
  expect(routinesOf(recording(['align', 0, 4], ['pick up leg', 4, 8], ['spin', 8, 12]), [LEG], where)).toEqual([])
  expect(routinesOf(recording(['pick up leg', 0, 4], ['flip', 4, 6], ['align', 6, 8], ['spin', 8, 12]), [LEG], where)).toEqual([])
})

test('each time it is done is a clip, its joints those of its frames', () => {
  const clip = recording(['pick up leg', 2, 5], ['align', 5, 8], ['spin', 8, 12], ['pick up leg', 20, 24], ['align', 24, 28], ['spin', 28, 33])
  const legs = routinesOf(clip, [LEG], where)
  expect(legs.map(({ id, frames }) => [id.split('/').at(-1), frames])).toEqual([['leg-1#keypoint-rcnn', 10], ['leg-2#keypoint-rcnn', 13]])
  const perFrame = clip.keypoints!.length / clip.frames
  expect(legs[1]!.keypoints).toEqual(clip.keypoints!.slice(20 * perFrame, 33 * perFrame))
})
