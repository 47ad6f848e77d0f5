import { expect, test } from 'vitest'
import type { Measure } from '../../src/eval/evaluate.ts'
import { type Measured, valueOf } from '../../src/eval/measured.ts'
import { overActions, type TakenMeasure } from '../../src/eval/over-actions.ts'

/** The mean of one number per clip; none = no value. */
function taken(action: string, encoder: string, ...numbers: readonly number[]): TakenMeasure {
  const clips = (numbers.length === 0 ? [0, 1] : numbers).map((_, index) => `${action}/${index}`)
  const measured: Measured = {
    clips, groups: clips, n: numbers.length, unit: 'clips', reason: numbers.length === 0 ? 'no labels' : null,
    sums: numbers.length === 0 ? { kind: 'none' } : { kind: 'clips', amounts: Float64Array.from(numbers), weights: Float64Array.from(numbers, () => 1) },
  }
  const measure: Measure = {
    metric: 'made', protocol: 'quick', action, card: 'whole', encoder, labels: numbers.length === 0 ? 'none' : 'pseudo', better: 'higher', headline: false, n: numbers.length,
    unit: 'clips', clips: clips.length, value: valueOf(measured), low: null, high: null, reason: measured.reason, settings: { stride: 2, phases: numbers.length },
  }
  return { measure, measured }
}

const options = { encoder: 'own', seed: 0, draws: 200 }

test('the mean over actions counts every action alike, however many clips it has, and says how many had a value', () => {
  const { measures } = overActions([taken('bowl', 'own', 0.5, 0.5, 0.5, 0.5), taken('squat', 'own', 0.2, 0.3), taken('situp', 'own')], options)
  expect(measures).toMatchObject([{ action: 'all actions', value: 0.375, n: 6, clips: 6, labels: 'pseudo', settings: { stride: 2, mean: 'over actions', actions: 2, of: 3 } }])
  expect(measures[0]!.settings).not.toHaveProperty('phases')
})

test('in every draw too, however many clips of each action are drawn', () => {
  const { measures: [mean] } = overActions([taken('bowl', 'own', 0.5, 0.5, 0.5, 0.5), taken('squat', 'own', ...Array<number>(12).fill(0.25))], options)
  expect([mean!.low, mean!.high]).toBeAllclose([0.375, 0.375])
})

test('a difference is over the actions in which both have a value', () => {
  const { comparisons } = overActions([taken('bowl', 'own', 1), taken('squat', 'own', 0.5), taken('bowl', 'baseline/a'), taken('squat', 'baseline/a', 0.2)], options)
  expect(comparisons).toMatchObject([{ action: 'all actions', encoder: 'own', against: 'baseline/a', value: 0.3 }])
})

test('what is unlike is not compared, and one action has no mean', () => {
  const both = [taken('bowl', 'own', 1), taken('squat', 'own', 0.5), taken('bowl', 'baseline/a', 1), taken('squat', 'baseline/a', 0.2)]
  expect(overActions(both, { ...options, unlike: { 'baseline/a': 'another split' } }).comparisons).toMatchObject([{ value: null, p: null, reason: 'another split' }])
  expect(overActions(both.slice(0, 1), options)).toEqual({ measures: [], comparisons: [] })
})

test('several seeds of each action are as many macro means', () => {
  const seeds = (action: string, ...numbers: readonly number[]): TakenMeasure => {
    const parts = numbers.map((value) => taken(action, 'own', ...Array<number>(6).fill(value)))
    return { measure: { ...parts[0]!.measure, value: numbers.reduce((sum, value) => sum + value, 0) / numbers.length }, measured: parts.map(({ measured }) => measured as Measured) }
  }
  const { measures: [mean] } = overActions([seeds('bowl', 0.25, 0.75), seeds('squat', 0, 1)], options)
  // seed by seed .125 and .875
  expect([mean!.value, mean!.low, mean!.high]).toBeAllclose([0.5, 0.125, 0.875])
})
