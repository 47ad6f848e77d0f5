import { expect, test } from 'vitest'
import { drawH2oScript } from '../../../src/ingest/synthetic/h2o/h2o-script.ts'
import { randomAt } from '../../../src/random.ts'

const scripts = Array.from({ length: 184 }, (_, position) => drawH2oScript(position, randomAt({ seed: 3, position })))
const segments = scripts.flatMap((script) => script.segments)

test('lasts 30 to 120 frames, with background before, after and here and there between', () => {
  const lengths = scripts.map(({ frames }) => frames)
  expect([Math.min(...lengths) >= 30, Math.max(...lengths) <= 120, new Set(lengths).size > 40]).toEqual([true, true, true])
  for (const { frames, segments: own } of scripts) {
    expect(own[0]!.start).toBeGreaterThanOrEqual(2)
    expect(own.at(-1)!.end).toBeLessThanOrEqual(frames - 2)
  }
  const pauses = scripts.flatMap(({ segments: own }) => own.slice(1).map(({ start }, at) => start - own[at]!.end))
  expect([Math.min(...pauses), pauses.filter((pause) => pause === 0).length > 100, pauses.filter((pause) => pause > 0).length > 100]).toEqual([0, true, true])
})

test('does the 36 actions, none in fewer than 7 frames, one action at many lengths', () => {
  expect([...new Set(segments.map(({ action }) => action))].sort((a, b) => a - b)).toEqual(Array.from({ length: 36 }, (_, at) => at + 1))
  expect(Math.min(...segments.map(({ start, end }) => end - start))).toBeGreaterThanOrEqual(7)
  expect(new Set(segments.filter(({ action }) => action === 5).map(({ start, end }) => end - start)).size).toBeGreaterThan(8)
})

test.each([
  // the class lists of H2O's README
  ['grab book', 1, 1, 1], ['place cappuccino', 16, 2, 8], ['open chips', 19, 3, 7], ['close lotion', 20, 4, 3], ['pour milk', 23, 5, 5],
  ['take out cocoa', 25, 6, 6], ['put in espresso', 28, 7, 2], ['apply spray', 32, 8, 4], ['read espresso', 34, 9, 2], ['spray spray', 35, 10, 4],
  ['squeeze lotion', 36, 11, 3],
])('%s is action %i: verb %i, object %i', (_, action, verb, object) => {
  expect(segments.find((segment) => segment.action === action)).toMatchObject({ verb, object })
})

test('starts with another object in each of the first eight sequences of subject 1', () => {
  expect(new Set(Array.from({ length: 8 }, (_, round) => scripts[4 * round]!.segments[0]!.object)).size).toBe(8)
})
