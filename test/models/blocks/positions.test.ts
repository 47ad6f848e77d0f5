import { describe, expect, test } from 'vitest'
import { constant, evaluate } from '../../../src/engine/index.ts'
import { convolutionPosition } from '../../../src/models/blocks/convolution-position.ts'
import { learnedPositionWeights } from '../../../src/models/blocks/learned-position.ts'
import { bucketOf, relativePosition } from '../../../src/models/blocks/relative-position.ts'

const mask = { shape: [2, 4], data: Float32Array.of(1, 1, 1, 1, 1, 1, 0, 0) }

describe('a learned table', () => {
  test('gives each frame its row, and the padding none; beyond the table there is the last row', () => {
    expect([...learnedPositionWeights(mask, { rule: 'index', length: 3 }).data]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
  })
  test('rescaled: a longer view reads between the rows', () => {
    // frames 0, 2/3, 4/3, 2
    expect([...learnedPositionWeights(mask, { rule: 'rescaled', length: 3 }).data.subarray(0, 12)]).toBeAllclose([1, 0, 0, 1 / 3, 2 / 3, 0, 0, 2 / 3, 1 / 3, 0, 0, 1], { atol: 1e-7 })
  })
})

describe('a relative bias', () => {
  // _relative_position_bucket of T5 (bidirectional, 32 buckets, distance 128)
  test('has T5\'s buckets', () => {
    expect([0, -1, -7, -8, -11, -12, -15, -16, -23, -31, -32, -64, -90, -91, -127, -128, -4000, 1, 7, 8, 4000].map(bucketOf)).toEqual(
      [0, 1, 7, 8, 8, 9, 9, 10, 11, 11, 12, 14, 14, 15, 15, 15, 15, 17, 23, 24, 31])
  })
  test('is the same number for pairs equally far apart, one for each head', () => {
    const table = constant({ shape: [32, 2], data: Float32Array.from({ length: 64 }, (_, i) => i) })
    const [found] = evaluate([relativePosition({ p: table }, 'p', 3)], {})
    expect([...found!]).toEqual([0, 34, 36, 2, 0, 34, 4, 2, 0, 1, 35, 37, 3, 1, 35, 5, 3, 1])
  })
})

test('positions by convolution: each dimension by itself, over frames that are there', () => {
  const x = constant({ shape: [1, 3, 2], data: Float32Array.of(1, 10, 2, 20, 9, 90) })
  const params = { 'p.weight': constant({ shape: [2, 1, 3], data: Float32Array.of(1, 2, 3, 0, 0, 1) }), 'p.bias': constant({ shape: [2], data: Float32Array.of(0.5, 0) }) }
  const [found] = evaluate([convolutionPosition(x, constant({ shape: [1, 3], data: Float32Array.of(1, 1, 0) }), params, 'p')], {})
  // 2 x 1 + 3 x 2, 1 x 1 + 2 x 2, 1 x 2; the dimension after shows the frame that follows
  expect([...found!]).toEqual([8.5, 20, 5.5, 0, 2.5, 0])
})
