import { expect, test } from 'vitest'
import { distanceKernel } from '../../../src/eval/metrics/distance-kernel.ts'
import { distanceMatrix, nearestFrames, nearestMany, nearestManyRows, rowKernel } from '../../../src/eval/metrics/nearest-neighbour.ts'
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

test('many nearest out of ranges are those out of the rows of these ranges alone', () => {
  const [queries, pool] = [coarse(3, 9, 5), coarse(4, 40, 5)]
  const ranges = [{ start: 1, end: 8 }, { start: 9, end: 10 }, { start: 21, end: 38 }]
  const kept = ranges.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at))
  const expected = Array.from({ length: 9 }, (_, q) => kept.toSorted((a, b) => squared(queries, q, pool, a) - squared(queries, q, pool, b) || a - b).slice(0, 6)).flat()
  rowKernel.hold([queries, pool], ([from, to]) => {
    expect([...nearestManyRows(from!, to!, ranges, 6)]).toEqual(expected)
    expect(nearestManyRows(from!, to!, ranges, 6, 'Euclidean')).toHaveLength(54)
  })
})

test.each([1e-30, 1e-22, 1, 1e18, 1e30])('float32 gives up no row that float64 finds nearest, of numbers about %d', (size) => {
  const random = randomAt({ seed: 7 })
  // rows that differ from a query by about the last bit: float32 cannot tell them apart
  const query = Float32Array.from({ length: 70 }, () => size * random.normal())
  const pool = { shape: [40, 70], data: Float32Array.from({ length: 40 * 70 }, (_, at) => query[at % 70]! * (1 + random.integer(3) * 2 ** -22)) }
  const distances = Array.from({ length: 40 }, (_, row) => distanceMatrix({ shape: [1, 70], data: query }, pool)[row]!)
  expect([...nearestFrames({ shape: [1, 70], data: query }, pool)]).toEqual([distances.indexOf(Math.min(...distances))])
})

test('the kernel grows with what it holds, asks for some of the rows, and forgets what it held', () => {
  const kernel = distanceKernel()
  kernel.hold([{ shape: [20_000, 9], data: new Float32Array(180_000).fill(2) }, rows([1, 1, 1, 1, 1, 1, 1, 1, 1])], ([pool, query]) => {
    const distances = kernel.distances(query!, pool!)
    expect([distances.length, distances.every((distance) => distance === 9)]).toEqual([20_000, true])
    const first = kernel.hold([rows([5], [2], [7])], ([inner]) => ([inner!.at, ...kernel.nearest(inner!, inner!, Int32Array.of(2, 0))]))
    expect(first.slice(1)).toEqual([2, 0])
    kernel.hold([rows([3])], ([inner]) => expect(inner!.at).toBe(first[0]))
  })
})
