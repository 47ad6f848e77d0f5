import { describe, expect, test } from 'vitest'
import type { Clip, Segment, TrackSegment } from '../../src/clip.ts'
import { degenerateBox } from '../../src/validate/checks/degenerate-box.ts'
import { frameCountMismatch } from '../../src/validate/checks/frame-count-mismatch.ts'
import { checks } from '../../src/validate/checks/index.ts'
import { segmentBeyondClip } from '../../src/validate/checks/segment-beyond-clip.ts'
import { segmentOffByOne } from '../../src/validate/checks/segment-off-by-one.ts'
import { segmentOverlap } from '../../src/validate/checks/segment-overlap.ts'
import { timeGap } from '../../src/validate/checks/time-gap.ts'
import { flawsOf, walk } from './walker.ts'

const NAMES = ['start', 'hips at knees', 'hips at floor']

/** Code and message of what the checks of phases say about 30 frames; phases are `[start, end, name]`. */
function phaseFlaws(phases: readonly (readonly [number, number, string?])[], names: readonly string[] | undefined = NAMES): string[] {
  const segments = phases.map(([start, end, label], at): Segment => ({ start, end, label: label ?? NAMES[at]! }))
  const clip = walk(30)
  const known = names.length === 0 ? {} : { phases: names }
  return checks.filter(({ code }) => code.startsWith('phase-')).flatMap((check) =>
    flawsOf(check, { ...clip, labels: { ...clip.labels, phases: segments } }, known).map(({ message }) => `${check.code}: ${message}`))
}

describe('phases', () => {
  test('in order and without gaps have no flaw', () => {
    expect(phaseFlaws([[0, 10], [10, 20], [20, 30]])).toEqual([])
  })

  test('a clip without phases has none', () => {
    const clip = walk(30)
    expect(checks.filter(({ code }) => code.startsWith('phase-')).flatMap((check) => flawsOf(check, clip, { phases: NAMES }))).toEqual([])
  })

  test('a gap between two', () => {
    expect(phaseFlaws([[0, 10], [12, 20], [20, 30]])).toEqual(['phase-gap: no phase in frames 10 to 11, between "start" [0, 10) and "hips at knees" [12, 20)'])
  })

  test('an overlap', () => {
    expect(phaseFlaws([[0, 11], [10, 20], [20, 30]])).toEqual(['phase-overlap: "hips at knees" [10, 20) begins before "start" [0, 11) has ended'])
  })

  test('all of them one frame late', () => {
    expect(phaseFlaws([[1, 11], [11, 21], [21, 31]])).toEqual([
      'phase-beyond-clip: "hips at floor" [21, 31) is not within the clip\'s frames 0 to 29', 'phase-gap: no phase in frame 0, before "start" [1, 11)'])
  })

  test('all of them one frame early', () => {
    expect(phaseFlaws([[-1, 9], [9, 19], [19, 29]])).toEqual([
      'phase-beyond-clip: "start" [-1, 9) is not within the clip\'s frames 0 to 29', 'phase-gap: no phase in frame 29, after "hips at floor" [19, 29)'])
  })

  test('another order, a name twice, a name nobody knows', () => {
    expect(phaseFlaws([[0, 10], [10, 20, 'hips at floor'], [20, 30, 'hips at knees']])).toEqual(['phase-order: "hips at knees" [20, 30) comes after "hips at floor" [10, 20)'])
    expect(phaseFlaws([[0, 10], [10, 20], [20, 30, 'hips at knees']])).toEqual(['phase-order: phase "hips at knees" comes twice', 'phase-missing: no frame of phase "hips at floor"'])
    expect(phaseFlaws([[0, 10], [10, 20], [20, 30, 'jump']])).toEqual([
      'phase-order: squat has no phase "jump": start, hips at knees, hips at floor', 'phase-missing: no frame of phase "hips at floor"'])
  })

  test('a phase without a frame is missing, not out of order', () => {
    expect(phaseFlaws([[0, 10], [10, 10], [10, 30]])).toEqual(['phase-missing: no frame of phase "hips at knees"'])
  })

  test('an action whose phases the catalog does not know: gaps and overlaps only', () => {
    expect(phaseFlaws([[0, 10, 'b'], [10, 20, 'a'], [20, 30, 'b']], [])).toEqual([])
  })
})

describe('segments', () => {
  const withSegments = (...segments: (readonly [track: string, start: number, end: number, label: string])[]): Clip => {
    const clip = walk(30)
    return { ...clip, labels: { ...clip.labels, segments: segments.map(([track, start, end, label]): TrackSegment => ({ track, start, end, label, number: null })) } }
  }
  const messages = (...args: Parameters<typeof flawsOf>): string[] => flawsOf(...args).map(({ message }) => message)

  test('a frame has one action; verbs and objects may overlap, but not with themselves', () => {
    expect(messages(segmentOverlap, withSegments(['action', 0, 10, 'grab'], ['action', 9, 12, 'place']))).toEqual(['action "place" [9, 12) begins before action "grab" [0, 10) has ended'])
    expect(messages(segmentOverlap, withSegments(['verb', 0, 10, 'grab'], ['verb', 9, 12, 'place'], ['object', 0, 10, 'leg']))).toEqual([])
    expect(messages(segmentOverlap, withSegments(['verb', 0, 10, 'grab'], ['verb', 0, 10, 'grab']))).toEqual(['verb "grab" [0, 10) begins before verb "grab" [0, 10) has ended'])
  })

  test('beyond the clip, or without a frame', () => {
    expect(messages(segmentBeyondClip, withSegments(['action', 0, 30, 'grab']))).toEqual([])
    expect(messages(segmentBeyondClip, withSegments(['action', 20, 31, 'grab'], ['action', 5, 5, 'place']))).toEqual([
      'action "grab" [20, 31) is not within the clip\'s frames 0 to 29', 'action "place" [5, 5) is not within the clip\'s frames 0 to 29'])
  })

  test('ends that were included and are read as if they were not leave one frame between neighbours', () => {
    const early = withSegments(['action', 0, 9, 'a'], ['action', 10, 19, 'b'], ['action', 20, 24, 'c'], ['action', 25, 29, 'd'])
    expect(flawsOf(segmentOffByOne, early)).toEqual([{
      person: null, start: null, end: null, joints: [], value: 3, limit: 3, message: '3 of 3 neighbours on the track action leave one frame between them, and none meet' }])
    const late = withSegments(['action', 0, 11, 'a'], ['action', 10, 21, 'b'], ['action', 20, 26, 'c'], ['action', 25, 30, 'd'])
    expect(messages(segmentOffByOne, late)).toEqual(['3 of 3 neighbours on the track action share one frame, and none meet'])
    expect(messages(segmentOffByOne, withSegments(['action', 0, 9, 'a'], ['action', 10, 19, 'b'], ['action', 20, 25, 'c'], ['action', 25, 29, 'd']))).toEqual([])
  })
})

describe('frame-count-mismatch', () => {
  const messages = (...args: Parameters<typeof flawsOf>): string[] => flawsOf(...args).map(({ message }) => message)

  test('boxes that end before the frames do', () => {
    const boxes = Float32Array.from({ length: 24 }, (_, at) => (at < 20 ? at : NaN))
    expect(flawsOf(frameCountMismatch, walk(6, { boxes }))).toEqual([{ person: null, start: 5, end: 6, joints: [], value: 5, limit: 6, message: 'the boxes end after 5 of 6 frames' }])
    expect(messages(frameCountMismatch, walk(6, { boxes: boxes.map((_, at) => at) }))).toEqual([])
    expect(messages(frameCountMismatch, walk(6, { boxes: new Float32Array(24).fill(NaN) }))).toEqual([])
  })

  test('pictures, when the store keeps some', () => {
    expect(messages(frameCountMismatch, walk(6), { pictures: 5 })).toEqual(['5 pictures of 6 labelled frames are kept'])
    expect([6, null].flatMap((pictures) => messages(frameCountMismatch, walk(6), { pictures }))).toEqual([])
  })

  test('what ingest settled and flagged', () => {
    expect(messages(frameCountMismatch, walk(6, { flags: ['degenerate-box', 'phases-resampled'] }))).toEqual([
      'the phase labels counted other frames than the clip: ingest took them at floor(j * labels / frames)'])
  })
})

describe('time-gap', () => {
  test('a frame left out, a frame twice, a step back', () => {
    expect(flawsOf(timeGap, walk(6, { time: Float32Array.of(0, 2, 4, 8, 10, 12) }))).toEqual([{
      person: null, start: 3, end: 4, joints: [], value: 2, limit: 1.5, message: 'from frame 2 to 3 time goes from 4 to 8; 2 is usual' }])
    expect(flawsOf(timeGap, walk(6, { time: Float32Array.of(0, 1, 1, 2, 3, 2) })).map(({ start, value }) => [start, value])).toEqual([[2, 0], [5, -1]])
  })

  test('even steps of any size', () => {
    expect(flawsOf(timeGap, walk(6, { time: Float32Array.of(0, 3, 6, 9, 12, 15) }))).toEqual([])
  })
})

test('degenerate-box: a box without area, for as long as it lasts', () => {
  const boxes = Float32Array.of(0, 0, 9, 9, 5, 5, 5, 9, 5, 7, 8, 7, NaN, NaN, NaN, NaN)
  expect(flawsOf(degenerateBox, walk(4, { boxes }))).toEqual([{
    person: null, start: 1, end: 3, joints: [], value: 2, limit: 0, message: 'the box has no area in frames 1 to 2: 5.0 5.0 5.0 9.0' }])
})
