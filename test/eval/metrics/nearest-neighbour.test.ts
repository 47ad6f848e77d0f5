import { expect, test } from 'vitest'
import { distanceKernel } from '../../../src/eval/metrics/distance-kernel.ts'
import { distanceMatrix, nearestFrames, nearestMany } from '../../../src/eval/metrics/nearest-neighbour.ts'
import { randomAt } from '../../../src/random.ts'
import type { Tensor } from '../../../src/tensor.ts'
import { rows } from '../clips.ts'

/** Whole numbers from 0 to 3, so that many distances tie exactly. */
function coarse(seed: number, frames: number, dims: number): Tensor {
  const random = randomAt({ seed })
  return { shape: [frames, dims], data: Float32Array.from({ length: frames * dims }, () => random.integer(4)) }
}

function squared(a: Tensor, i: number, b: Tensor, j: number): number {
  const dims = a.shape[1]!
  return Array.from({ length: dims }, (_, k) => (a.data[i * dims + k]! - b.data[j * dims + k]!) ** 2).reduce((sum, square) => sum + square, 0)
}

test('takes the first of equally near frames, even when an earlier query was nearest to the last', () => {
  expect([...nearestFrames(rows([9], [0]), rows([1], [-1], [9]))]).toEqual([2, 0])
})

test.each([1, 3, 8, 11, 26, 64, 130])('finds what a full search over %i dimensions finds', (dims) => {
  const [queries, pool] = [coarse(1, 30, dims), coarse(2, 50, dims)]
  const distances = Array.from({ length: 30 * 50 }, (_, at) => squared(queries, Math.floor(at / 50), pool, at % 50))
  expect(distanceMatrix(queries, pool)).toEqual(Float64Array.from(distances))
  const expected = Array.from({ length: 30 }, (_, q) => {
    const row = distances.slice(q * 50, q * 50 + 50)
    return row.map((distance, index) => ({ distance, index })).sort((a, b) => a.distance - b.distance || a.index - b.index).map(({ index }) => index)
  })
  expect([...nearestFrames(queries, pool)]).toEqual(expected.map((order) => order[0]))
  expect([...nearestMany(queries, pool, 7)]).toEqual(expected.flatMap((order) => order.slice(0, 7)))
})

test('tells rows apart that differ by one part in a million beside a large common part', () => {
  const pool = rows([4096, 1], [4096, 1.000001], [4096, 1.000002])
  expect([...nearestFrames(pool, pool)]).toEqual([0, 1, 2])
})

test('the kernel grows with what it is given, and forgets the rows before', () => {
  const kernel = distanceKernel()
  kernel.load(coarse(1, 3, 2))
  kernel.load({ shape: [20_000, 9], data: new Float32Array(180_000).fill(2) })
  const distances = kernel.distances(rows([1, 1, 1, 1, 1, 1, 1, 1, 1]), 0)
  expect([distances.length, distances.every((distance) => distance === 9)]).toEqual([20_000, true])
  kernel.load(rows([5]))
  expect([...kernel.distances(rows([2]), 0)]).toEqual([9])
})
