import { expect, test } from 'vitest'
import type { Gap, Results } from '../../experiments/table/results.ts'
import { gapOf, inWords, isAhead } from '../../experiments/table/verdict.ts'

const gap = (column: string, value: number | null, low: number | null, high: number | null): Gap =>
  ({ column, condition: 'clean', action: null, subject: 'both', against: 'one', value, low, high, p: 0.01, reason: null, holm: null })
const columns = [{ title: 'error', better: 'lower' }, { title: 'skill', better: 'higher' }]
const results = { columns, differences: [{ ...gap('error', -9, -9, -9), action: 'bowl' }, gap('error', -0.1, -0.15, -0.05)] } as unknown as Results

test('is ahead when the whole interval lies on the better side of 0', () => {
  expect([isAhead(results, gap('error', -0.1, -0.15, -0.05)), isAhead(results, gap('error', -0.1, -0.25, 0.01)), isAhead(results, gap('error', 0.1, 0.05, 0.2))]).toEqual([true, false, false])
  expect([isAhead(results, gap('skill', 0.1, 0.05, 0.2)), isAhead(results, gap('skill', 0.1, 0, 0.2)), isAhead(results, gap('skill', null, null, null))]).toEqual([true, false, false])
})

test('takes the difference over all actions, and refuses one that was not taken', () => {
  const place = { column: 'error', condition: 'clean', subject: 'both', against: 'one' }
  expect(inWords(gapOf(results, place))).toBe('-0.100 (-0.150 to -0.050)')
  expect(() => gapOf(results, { ...place, against: 'other' })).toThrow('no difference of both from other in error, clean')
})
