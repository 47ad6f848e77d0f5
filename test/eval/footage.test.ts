import { expect, test } from 'vitest'
import { filmed, momentsOf } from '../../src/eval/footage.ts'
import { backwards, bare, viewOf } from '../../src/eval/views.ts'
import { partsOf } from '../../src/eval/long-clips.ts'
import { resampleAt } from '../../src/transforms/index.ts'
import { exampleClip } from '../transforms/examples.ts'

const clip = exampleClip({ seed: 1, frames: 20 })
const range = (start: number, end: number): number[] => Array.from({ length: end - start }, (_, i) => start + i)

test('a view leads to its film and the px of the recorded frame, under no name and in a box of its own', () => {
  const { clip: seen } = viewOf(clip, 4, 12)
  expect(seen.footage).toMatchObject({ dataset: clip.dataset, id: clip.id, width: clip.width, height: clip.height })
  expect([seen.id, seen.width === clip.width]).toEqual(['view', false])
})

test('its frames are counted from 0, and show the moments of the recording', () => {
  const { clip: seen } = viewOf(clip, 4, 12)
  expect([...seen.time]).toEqual(range(0, 8))
  expect([...momentsOf(seen)]).toEqual(range(4, 12))
})

test('at another speed they lie between frames: where the view says', () => {
  const view = viewOf(clip, 4, 14, 0.8)
  expect(momentsOf(view.clip)).toEqual(view.time)
  expect([...view.time].some((moment) => moment % 1 !== 0)).toBe(true)
})

test.each([
  ['shown backwards', backwards(viewOf(clip, 4, 12)).clip, range(4, 12).toReversed()],
  ['made bare once more', bare(viewOf(clip, 4, 12).clip).clip, range(4, 12)],
  ['thinned to 3 frames', partsOf(bare(clip).clip, { frames: 3, longClips: 'thinned' })[0]!.clip, [0, 10, 19]],
  ['taken at moments of its own', resampleAt(viewOf(clip, 4, 12).clip, Float64Array.of(0.5, 3), 'linear'), [4.5, 7]],
])('a view %s shows other moments', (_, seen, moments) => {
  expect([...momentsOf(seen)]).toEqual(moments)
})

test('a clip that nobody made bare is its own film', () => {
  expect([...momentsOf(filmed(clip))]).toEqual(range(0, 20))
})
