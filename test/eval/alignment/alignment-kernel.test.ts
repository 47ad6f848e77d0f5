import { expect, test } from 'vitest'
import { cheapestPath, nearestColumns, softColumns, softRows } from '../../../src/eval/alignment/alignment-kernel.ts'
import { randomAt } from '../../../src/random.ts'

/** A table of whole numbers from 0 to 4, so that many paths and columns tie. */
function table(rows: number, columns: number) {
  const random = randomAt({ seed: rows * 100 + columns })
  return { rows, columns, values: Float64Array.from({ length: rows * columns }, () => random.integer(5)) }
}

const sizes = [[1, 1], [1, 6], [7, 1], [5, 4], [9, 13]] as const

/** Every monotone path from the first to the last cell, its cells as [row, column]. */
function paths(rows: number, columns: number): [number, number][][] {
  const to = (i: number, j: number): [number, number][][] => {
    if (i === 0 && j === 0) return [[[0, 0]]]
    const before = [[i - 1, j - 1], [i - 1, j], [i, j - 1]].filter(([a, b]) => a! >= 0 && b! >= 0)
    return before.flatMap(([a, b]) => to(a!, b!)).map((path) => [...path, [i, j]])
  }
  return to(rows - 1, columns - 1)
}

test.each([[1, 1], [1, 4], [4, 1], [3, 4], [4, 4]])('no path through %i x %i is cheaper than the cheapest, and it is one', (rows, columns) => {
  const { values } = table(rows, columns)
  const costOf = (path: readonly (readonly [number, number])[]) => path.reduce((sum, [i, j]) => sum + values[i * columns + j]!, 0)
  const { a, b } = cheapestPath({ rows, columns, values })
  const found = Array.from(a, (row, at): [number, number] => [row, b[at]!])
  expect(paths(rows, columns)).toContainEqual(found)
  expect(costOf(found)).toBe(Math.min(...paths(rows, columns).map(costOf)))
})

test.each(sizes)('the nearest column of each of %i rows is the first least of %i', (rows, columns) => {
  const { values } = table(rows, columns)
  const expected = Array.from({ length: rows }, (_, i) => [...values.subarray(i * columns, (i + 1) * columns)]).map((row) => row.indexOf(Math.min(...row)))
  expect([...nearestColumns({ rows, columns, values })]).toEqual(expected)
})

test.each(sizes)('the softmax of %i x %i as it reads, and the column expected under it', (rows, columns) => {
  const { values } = table(rows, columns)
  const shares = Array.from({ length: rows }, (_, i) => [...values.subarray(i * columns, (i + 1) * columns)]).map((row) => {
    const weights = row.map((value) => Math.exp(-value / 0.3))
    return weights.map((weight) => weight / weights.reduce((sum, one) => sum + one))
  })
  expect(softRows({ rows, columns, values }, 0.3)).toBeAllclose(shares.flat(), { rtol: 1e-14, atol: 0 })
  expect(softColumns({ rows, columns, values }, 0.3)).toBeAllclose(shares.map((row) => row.reduce((sum, share, j) => sum + share * j, 0)), { rtol: 1e-14, atol: 1e-14 })
})

test('far columns weigh as little as a number can, then nothing', () => {
  // e^-1, e^-0.25, e^-20, e^-700 to 15 digits (Python's decimal); e^-750 is less than the least number
  const values = Float64Array.of(0, 1, 0.25, 20, 700, 750)
  const [one, ...rest] = softRows({ rows: 1, columns: 6, values }, 1)
  expect(rest.map((share) => share / one!)).toBeAllclose([0.367879441171442, 0.778800783071405, 2.06115362243856e-9, 9.85967654375977e-305, 0], { rtol: 1e-14, atol: 0 })
})
