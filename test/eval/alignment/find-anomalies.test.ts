import { describe, expect, test } from 'vitest'
import { upperLimit } from '../../../src/eval/alignment/conformal.ts'
import { findAnomalies, referenceSet } from '../../../src/eval/alignment/find-anomalies.ts'
import { rows } from '../clips.ts'

/** One number per frame: waits at 0, then rises to 1; every clip a little off in a way of its own. */
const performance = (wait: number, rise: number, own: number) => [...Array<number>(wait).fill(0), ...Array.from({ length: rise }, (_, t) => t / (rise - 1))].map((value, t) => value + 0.01 * Math.sin(7 * own + 3 * t))
const stepsOf = (values: readonly number[], wait: number) => values.map((value, t) => (t < wait ? 0 : value < 0.5 ? 1 : 2))
const references = referenceSet(Array.from({ length: 19 }, (_, own) => {
  const wait = 8 + (own % 3)
  const values = performance(wait, 20 + (own % 5), own)
  return { embedding: rows(...values.map((value) => [value])), steps: stepsOf(values, wait) }
}))
const anomaliesOf = (values: readonly number[]) => findAnomalies({ embedding: rows(...values.map((value) => [value])) }, references, { level: 0.05, nearest: 3 })
const states = (values: readonly number[]) => anomaliesOf(values).steps!.steps.map(({ state }) => state)
const clean = performance(9, 22, 99)

test('a limit is what one more value exceeds with the chance it states', () => {
  const numbers = Array.from({ length: 39 }, (_, i) => i + 1)
  expect(upperLimit(numbers, 0.05)).toEqual({ value: 38, chance: 2 / 40 })
  expect(upperLimit([3, 1, 2], 0.05)).toEqual({ value: 3, chance: 0.25 })
})

describe('a clip beside 19 others of its kind', () => {
  test('has nothing out of the ordinary when it is clean', () => {
    const { segments, limit, quantiles } = anomaliesOf(clean)
    expect([segments, states(clean)]).toEqual([[], ['done', 'done', 'done']])
    expect(limit.chance).toBeCloseTo(0.05)
    expect(Math.max(...quantiles)).toBeLessThan(1)
  })

  test('has foreign frames where none of the others is like them', () => {
    const { segments, quantiles } = anomaliesOf(clean.map((value, t) => (t >= 15 && t < 21 ? 3 : value)))
    expect(segments).toMatchObject([{ kind: 'unknown' }])
    expect(segments[0]!.start).toBeLessThanOrEqual(15)
    expect(segments[0]!.end).toBeGreaterThanOrEqual(21)
    expect(quantiles[18]).toBe(1)
  })

  test('has misplaced frames where the others are like them at another time', () => {
    const { segments } = anomaliesOf([...clean.slice(20, 28), ...clean.slice(0, 20), ...clean.slice(28)])
    expect(segments.length).toBeGreaterThan(0)
    expect(new Set(segments.map(({ kind }) => kind))).toEqual(new Set(['misplaced']))
  })

  test('lacks a step that it jumps over or ends before', () => {
    expect(states(clean.filter((_, t) => t < 10 || clean[t]! >= 0.5))).toEqual(['done', 'missing', 'done'])
    expect(states(clean.filter((value) => value < 0.5))).toEqual(['done', 'done', 'missing'])
  })

  test('lacks a step that it gives far less time than they do', () => {
    expect(states(clean.slice(7))).toEqual(['missing', 'done', 'done'])
  })
})

test('steps are not looked at where fewer than four references have them', () => {
  const unlabelled = referenceSet(references.references.map((reference, at) => (at < 3 ? reference : { ...reference, steps: null })))
  expect(findAnomalies({ embedding: rows(...clean.map((value) => [value])) }, unlabelled, { level: 0.05, nearest: 3 }).steps).toBeNull()
})
