import { describe, expect, test } from 'vitest'
import { ToolkitError } from '../src/errors.ts'
import { philox } from '../src/philox.ts'
import { randomAt, wordsAt } from '../src/random.ts'

const place = { seed: 2026, epoch: 3, clip: 'penn-action/0758', view: 1, transform: 'jitter', position: 6 }
const hex = (words: Iterable<number>) => Array.from(words, (word) => word.toString(16).padStart(8, '0')).join(' ')
const times = <T>(n: number, draw: () => T) => Array.from({ length: n }, draw)

// Known-answer vectors of Random123 1.14 (kat_vectors, philox4x32 10)
test.each([
  [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
  [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
])('philox of %j under %j is the published %s', (counter, key, words) => {
  expect(hex(philox(counter, key))).toBe(words)
})

describe('a place draws what the Python of bench/peers/philox_vectors.py draws, to the last bit', () => {
  test('uniform', () => {
    const random = randomAt(place)
    expect(times(4, random.uniform)).toEqual([0.13342899084091187, 0.6212759017944336, 0.4111362099647522, 0.989819347858429])
  })
  test('integer, with words thrown away above the last full multiple', () => {
    const random = randomAt(place)
    expect(times(12, () => random.integer(13))).toEqual([12, 1, 5, 1, 6, 2, 11, 6, 8, 12, 0, 12])
    const other = randomAt(place)
    expect(times(4, () => other.integer(3_000_000_000))).toEqual([573073370, 2668359890, 1765816785, 1169336018])
  })
  test('normal', () => {
    const random = randomAt(place)
    expect(times(4, random.normal)).toEqual([-0.3871832041572549, -0.36947478124711963, 1.0270311526889264, -0.06578577482283669])
  })
  test('fork, and the ends of the range of seeds', () => {
    expect(randomAt(place).fork('joint').fork(7).uniform()).toBe(0.42148393392562866)
    expect(randomAt({ seed: 2 ** 53 - 1 }).uniform()).toBe(0.4369831681251526)
    expect(randomAt({ seed: 0 }).uniform()).toBe(0.12834572792053223)
  })
})

test('a fork does not depend on what was drawn before it', () => {
  const random = randomAt(place)
  random.normal()
  expect(random.fork('x').uniform()).toBe(randomAt(place).fork('x').uniform())
})

test('a fork is the next coordinate of the place', () => {
  const whole = randomAt({ seed: 5, clip: 'a', view: 1, transform: 'jitter', position: 6 })
  expect(randomAt({ seed: 5, clip: 'a', view: 1 }).fork('jitter').fork(6).uniform()).toBe(whole.uniform())
})

test('every coordinate of a place changes the draws', () => {
  const others = [{ seed: 2027 }, { epoch: 4 }, { clip: 'penn-action/0759' }, { view: 0 }, { transform: 'rotate' }, { position: 7 }, { seed: 2026 + 2 ** 32 }]
  const drawn = [place, ...others.map((other) => ({ ...place, ...other })), { seed: 2026 }].map((at) => randomAt(at).uniform())
  expect(new Set(drawn).size).toBe(drawn.length)
})

test('integer(6) is uniform: chi-square of 60,000 draws below the 99.9 % quantile of 5 degrees of freedom', () => {
  const random = randomAt({ seed: 1 })
  const counts = [0, 0, 0, 0, 0, 0]
  times(60_000, () => counts[random.integer(6)]!++)
  expect(counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0)).toBeLessThan(20.5)
})

test('normal has mean 0, variance 1 and fourth moment 3 within 5 standard errors of 100,000 draws', () => {
  const random = randomAt({ seed: 2 })
  const drawn = times(100_000, random.normal)
  const moment = (k: number) => drawn.reduce((sum, z) => sum + z ** k, 0) / drawn.length
  expect(moment(1)).toBeAllclose(0, { atol: 5 / Math.sqrt(1e5) })
  expect(moment(2)).toBeAllclose(1, { atol: 5 * Math.sqrt(2 / 1e5), rtol: 0 })
  expect(moment(4)).toBeAllclose(3, { atol: 5 * Math.sqrt(96 / 1e5), rtol: 0 })
  expect(Math.max(...drawn.map(Math.abs))).toBeLessThan(5.8)
})

test('chance is never for 0 and always for 1; between stays in its range', () => {
  const random = randomAt({ seed: 3 })
  expect(times(1000, () => random.chance(0))).not.toContain(true)
  expect(times(1000, () => random.chance(1))).not.toContain(false)
  expect(times(1000, () => random.between(-2, 3)).every((x) => x >= -2 && x < 3)).toBe(true)
})

test('refuses seeds and epochs that do not fit', () => {
  expect(() => randomAt({ seed: -1 })).toThrow(new ToolkitError('E_SEED', 'seed -1 is not an integer from 0 to 2^53 - 1'))
  expect(() => randomAt({ seed: 0.5 })).toThrow('seed 0.5 is not an integer from 0 to 2^53 - 1')
  expect(() => randomAt({ seed: 1, epoch: 2 ** 32 })).toThrow('epoch 4294967296 is not an integer from 0 to 2^32 - 1')
  expect(() => randomAt({ seed: 1 }).integer(0)).toThrow('integer(0): the bound is an integer from 1 to 2^32')
})

test('words in bulk are those of the stream, from any block on', () => {
  const words = new Uint32Array(8)
  wordsAt({ seed: 2026, clip: 'penn-action/0758', view: 1, transform: 'jitter', position: 6 })(3, 0, words)
  expect(hex(words.subarray(0, 6))).toBe('222867da 9f0bf0d2 694039d1 fd64cd56 45b2a6d2 ee00bb6d')
  const later = new Uint32Array(4)
  wordsAt({ seed: 2026, clip: 'penn-action/0758', view: 1 }, ['jitter', 6])(3, 1, later)
  expect([...later]).toEqual([...words.subarray(4)])
})
