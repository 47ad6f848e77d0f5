import { expect, test } from 'vitest'
import { durationText, paceOf } from '../../src/cli/pace.ts'

test('tells the samples a second and the waiting of the last fifty steps, and the time left by all that went by', () => {
  let clock = 1000
  const pace = paceOf(() => clock)
  for (let step = 0; step < 50; step++) pace.add({ seconds: 1, waitSeconds: 1, samples: 4 })
  for (let step = 0; step < 50; step++) pace.add({ seconds: 0.5, waitSeconds: 0.125, samples: 4 })
  // 101 s since the first step was begun, for 100 steps
  clock = 101_000
  expect(pace.text(200)).toBe('8 samples/s, 25 % of it waiting for data, 3 min 22 s left')
})

test('says nothing of a speed before a clock could tell one', () => {
  const pace = paceOf(() => 0)
  pace.add({ seconds: 0, waitSeconds: 0, samples: 4 })
  expect(pace.text(10)).toBe('')
})

test.each([[0.4, '0 s'], [59.4, '59 s'], [59.6, '1 min 0 s'], [3599, '59 min 59 s'], [3600, '1 h 0 min'], [90_061, '25 h 1 min']])('%d s = %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text)
})
