import { expect, test } from 'vitest'
import { valueOf } from '../../../src/eval/measured.ts'
import { kendallTau, tauB } from '../../../src/eval/metrics/kendall-tau.ts'
import { randomAt } from '../../../src/random.ts'
import { embedded } from '../clips.ts'

const clip = (id: string, ...values: readonly number[]) => embedded(id, values.map((value) => [value]))

test('is 1 when every clip keeps the order of time', () => {
  expect(valueOf(kendallTau([clip('a', 1, 2, 3), clip('b', 1.1, 1.9, 3.1)], { stride: 1 }))).toBe(1)
})

test('is -1 when one clip runs backwards', () => {
  expect(valueOf(kendallTau([clip('a', 1, 2, 3), clip('b', 3, 2, 1)], { stride: 1 }))).toBe(-1)
})

test('is tau-b: ties in the neighbours are corrected for (scipy 1.17.1, kendalltau)', () => {
  expect(tauB([0, 2, 1, 1, 4, 5, 3])).toBeAllclose(0.5855400437691199, { rtol: 1e-14 })
  expect(tauB([5, 4, 3, 2, 1])).toBeAllclose(-0.9999999999999999, { rtol: 1e-14 })
  expect(tauB([0, 0, 0, 1, 1, 0, 1])).toBeAllclose(0.5039526306789697, { rtol: 1e-14 })
  expect(tauB(Array.from({ length: 60 }, (_, i) => ((i * 17) % 23) + Math.floor(i / 5)))).toBeAllclose(0.24240133522266197, { rtol: 1e-14 })
})

test('agrees with counting every pair, for random sequences of every length up to 40', () => {
  const random = randomAt({ seed: 1 })
  for (let length = 2; length <= 40; length++) {
    const sequence = Array.from({ length }, () => random.integer(length))
    const pairs = sequence.flatMap((a, i) => sequence.slice(i + 1).map((b) => Math.sign(b - a)))
    const untied = pairs.filter((sign) => sign !== 0).length
    const expected = untied === 0 ? null : pairs.reduce((sum, sign) => sum + sign, 0) / Math.sqrt(pairs.length * untied)
    expect(tauB(sequence) ?? Number.NaN).toBeAllclose(expected ?? Number.NaN, { rtol: 1e-13 })
  }
})

test('drops a pair whose neighbours are all one frame, and says so when none is left', () => {
  const still = clip('still', 5, 5, 5)
  expect(valueOf(kendallTau([clip('a', 1, 2, 3), clip('b', 1, 2, 3), still], { stride: 1 }))).toBe(1)
  const measured = kendallTau([still, clip('also still', 5, 5)], { stride: 1 })
  expect([valueOf(measured), measured.n, measured.reason]).toEqual([null, 0, 'no pair of clips can be compared'])
})

test('takes every second frame of both clips unless told otherwise', () => {
  const zigzag = clip('a', 1, 9, 2, 0, 3)
  expect(valueOf(kendallTau([zigzag, { ...zigzag, clip: { ...zigzag.clip, group: 'b' } }]))).toBe(1)
})

test('pairs clips of one action and of different recordings only', () => {
  const other = clip('c', 3, 2, 1)
  const squat = { ...other, clip: { ...other.clip, labels: { ...other.clip.labels, action: 'squat' } } }
  expect(kendallTau([clip('a', 1, 2, 3), clip('b', 1, 2, 3), squat], { stride: 1 }).n).toBe(2)
})
