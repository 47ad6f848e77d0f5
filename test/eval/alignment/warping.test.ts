import { expect, test } from 'vitest'
import { distancesOf } from '../../../src/eval/alignment/distances.ts'
import { warpedFrames, warpingPath } from '../../../src/eval/alignment/warping.ts'
import { rows } from '../clips.ts'

const warped = (a: ReturnType<typeof rows>, b: ReturnType<typeof rows>) => [...warpedFrames(warpingPath(distancesOf(a, b)), a.shape[0]!)]

test('keeps the order where nearest neighbours would not', () => {
  const [up, peak] = [rows([0], [1], [2], [1], [0]), rows([0], [2], [2], [0])]
  expect(warped(up, peak)).toEqual([0, 0, 1, 2, 3])
})

test('gives the middle of the frames that one frame is held for', () => {
  expect(warped(rows([0], [5]), rows([0], [0], [0], [5]))).toEqual([1, 3])
})

test('the path goes from both first to both last frames, diagonal first on ties', () => {
  const { a, b } = warpingPath(distancesOf(rows([0], [0], [3]), rows([0], [3])))
  expect([...a]).toEqual([0, 1, 2])
  expect([...b]).toEqual([0, 0, 1])
})
