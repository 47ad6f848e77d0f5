import { expect, test } from 'vitest'
import { h2oSequences } from '../../../src/ingest/synthetic/h2o/h2o-sequences.ts'

test('lists the 184 sequences of the official lists: 114 to train, 24 to validate, 46 to test', () => {
  expect(new Set(h2oSequences.map(({ path }) => path)).size).toBe(184)
  const count = (side: string): number => h2oSequences.filter((place) => place.side === side).length
  expect([count('train'), count('val'), count('test')]).toEqual([114, 24, 46])
})

test('shows every side among the first three, every subject among the first four, every scene in the first round', () => {
  expect(h2oSequences.slice(0, 4).map(({ path, side }) => `${path} ${side}`)).toEqual(
    ['subject1/h1/0 train', 'subject3/k2/0 val', 'subject4/h1/0 test', 'subject2/h1/0 train'])
  expect(new Set(h2oSequences.slice(0, 24).map(({ subject, scene }) => `${subject}/${scene}`)).size).toBe(24)
})

test('has no eighth sequence where H2O has none', () => {
  const without = h2oSequences.filter(({ seq }) => seq === 6).map(({ path }) => path.slice(0, -2))
    .filter((cell) => !h2oSequences.some(({ path }) => path === `${cell}/7`))
  expect(without.sort()).toEqual(
    ['subject1/k2', 'subject2/h2', 'subject2/k1', 'subject2/k2', 'subject2/o1', 'subject2/o2', 'subject4/k1', 'subject4/o2'])
})
