import { expect, test } from 'vitest'
import { valueOf } from '../../../src/eval/measured.ts'
import { retrieval, retrievalAt } from '../../../src/eval/metrics/retrieval.ts'
import { embedded } from '../clips.ts'

const a = Array.from({ length: 5 }, (_, i) => [0, 1, 2].map((k) => Math.sin(0.7 * i + 1.3 * k)))
const b = Array.from({ length: 6 }, (_, i) => [0, 1, 2].map((k) => Math.cos(0.5 * i + 0.9 * k + 0.2)))
const backwards = a.toReversed().map((row) => row.map((value) => value * 0.9))
const clips = [embedded('a', a, [0, 0, 1, 1, 2]), embedded('b', b, [0, 0, 1, 1, 2, 2]), embedded('c', backwards, [2, 1, 1, 0, 0])]

test('gives the golden values of AP@3, mean over clips (CARL) and over frames (VAOT)', () => {
  expect(valueOf(retrieval(clips, { k: 3, average: 'clip' }))).toBeAllclose(0.5296296296296296, { rtol: 1e-14 })
  expect(valueOf(retrieval(clips, { k: 3, average: 'frame' }))).toBeAllclose(0.5208333333333333, { rtol: 1e-14 })
})

test('never looks into the recording of the query itself', () => {
  const twins = [embedded('a', [[0], [1]], [0, 1]), embedded('b', [[0], [1]], [1, 0])]
  expect(valueOf(retrieval(twins, { k: 1, average: 'clip' }))).toBe(0)
})

test('has no value for a K that the other clips cannot fill, and says why', () => {
  const measured = retrievalAt(clips, { ks: [3, 12] })
  expect([valueOf(measured[12]!.clip), measured[12]!.frame.reason]).toEqual([null, 'frames of b can be held against 10 others, fewer than 12'])
  expect(valueOf(measured[3]!.clip)).toBeAllclose(0.5296296296296296, { rtol: 1e-14 })
})
