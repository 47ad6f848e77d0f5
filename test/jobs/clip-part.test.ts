import { expect, test } from 'vitest'
import type { Item } from '../../src/eval/items.ts'
import { clipPart, pairParts } from '../../src/jobs/clip-part.ts'

const pair = (clip: string, other: string | null, amount: number, weight = 1): Item => ({ part: 0, clip, other, amount, weight })
const pairs = [pair('a', 'b', 0.2), pair('a', 'c', 0.4), pair('b', 'a', 0.9), pair('b', 'c', 0.5), pair('c', 'a', 0.1), pair('c', 'b', 0.3)]

test('the part of a clip is the mean of its own pairs, its share of the weight, and the measure without it', () => {
  const part = clipPart(pairs, 'a', 'higher')!
  expect([part.value, part.asSecond, part.share, part.without]).toBeAllclose([0.3, 0.5, 1 / 3, 0.4], { atol: 1e-15 })
  expect([part.rank, part.of, part.neighbours.map(({ clip }) => clip), part.pairs.map(({ other }) => other)]).toEqual([2, 3, ['b', 'c'], ['c', 'b']])
})

test('where less is better the lowest ranks first', () => {
  expect(clipPart(pairs, 'c', 'lower')).toMatchObject({ rank: 1, neighbours: [{ clip: 'a' }, { clip: 'b' }] })
})

test('a clip that no item names has no part; one that is only second has no rank', () => {
  expect(clipPart(pairs, 'd', 'higher')).toBeNull()
  expect(clipPart([pair('a', 'z', 1)], 'z', 'higher')).toMatchObject({ value: null, asSecond: 1, rank: null, neighbours: [] })
})

test('a pair is found in both orders', () => {
  expect(pairParts(pairs, 'a', 'b', 'higher')).toEqual([{ clip: 'b', other: 'a', value: 0.9, weight: 1 }, { clip: 'a', other: 'b', value: 0.2, weight: 1 }])
  expect(pairParts([pair('a', null, 1), pair('b', null, 1)], 'a', 'b', 'higher')).toEqual([])
})
