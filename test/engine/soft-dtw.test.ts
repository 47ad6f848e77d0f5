import { describe, expect, test } from 'vitest'
import { evaluate, gradients, input, mul, type Node, ortExecutor, softDtw, square, sub, sum, unitRows, unsqueeze, warpingCost, warpingTable } from '../../src/engine/index.ts'
import { randomAt } from '../../src/random.ts'
import { A, B } from '../train/losses/pairs-of-views.ts'
import { checkRecorded } from './recorded.ts'
import { checkRefusals } from './check-refusals.ts'

const squares = (x: Node, y: Node): Node => sum(square(sub(unsqueeze(x, [2]), unsqueeze(y, [1]))), [3])

checkRecorded('soft-dtw', {
  'tables of soft minima': (distances) => warpingTable(distances!, { gamma: 0.5 }),
  'tables of weighted means': (distances) => warpingTable(distances!, { gamma: 0.5, relaxation: 'mean' }),
  'tables of weighted means, gamma .1': (distances) => warpingTable(distances!, { gamma: 0.1, relaxation: 'mean' }),
  'sequences of unequal length': (distances, rows, columns) => softDtw(distances!, { gamma: 0.1, lengths: { rows: rows!, columns: columns! } }),
  'one frame against many': (distances) => warpingTable(distances!, { gamma: 0.1 }),
  'many frames against one': (distances) => warpingTable(distances!, { gamma: 0.1 }),
  'twelve frames in three dimensions': (x, y) => softDtw(squares(x!, y!), { gamma: 0.1 }),
})

/** Cuturi & Blondel's recursion, cell by cell. */
function plain(distances: readonly (readonly number[])[], gamma: number): number {
  const table = Array.from({ length: distances.length + 1 }, () => Array.from({ length: distances[0]!.length + 1 }, () => Infinity))
  table[0]![0] = 0
  for (const [i, row] of distances.entries()) {
    for (const [j, cost] of row.entries()) {
      const ways = [table[i]![j]!, table[i]![j + 1]!, table[i + 1]![j]!]
      const least = Math.min(...ways)
      table[i + 1]![j + 1] = cost + least - gamma * Math.log(ways.reduce((total, way) => total + Math.exp((least - way) / gamma), 0))
    }
  }
  return table.at(-1)!.at(-1)!
}

const random = randomAt({ seed: 3, transform: 'soft-dtw' })
const drawn = Array.from({ length: 9 }, () => Array.from({ length: 13 }, () => random.between(0, 3)))

describe('soft-DTW', () => {
  // golden.py, softdtw_raw and softdtw_l2
  test('is that of the golden numbers, of rows as they are and of unit length', () => {
    const [x, y] = [input('x', [1, 5, 3]), input('y', [1, 6, 3])]
    const outputs = [softDtw(squares(x, y), { gamma: 0.1 }), softDtw(squares(unitRows(x), unitRows(y)), { gamma: 0.1 })]
    const [raw, unit] = evaluate(outputs, { x: Float64Array.from(A.flat()), y: Float64Array.from(B.flat()) })
    // gamma is float32 in a graph
    expect([raw![0], unit![0]]).toBeAllclose([5.779553610226545, 3.9543730665042967], { atol: 0, rtol: 1e-7 })
  })

  // the Delannoy number D(2, 3)
  test('of 3 and 4 frames without distances counts the 25 ways', () => {
    expect(evaluate([softDtw(input('x', [1, 3, 4]), { gamma: 0.5 })], { x: new Float64Array(12) })[0]).toBeAllclose([-0.5 * Math.log(25)], { rtol: 1e-12 })
  })

  test.each([0.125, 1])('is the recursion cell by cell, and has its slopes, gamma %d', (gamma) => {
    const x = input('x', [1, 9, 13])
    const value = softDtw(x, { gamma })
    const [found, slopes] = evaluate([value, ...gradients(sum(value, [0]), [x])], { x: Float64Array.from(drawn.flat()) })
    expect(found![0]).toBeAllclose(plain(drawn, gamma), { rtol: 1e-12 })
    const moved = (i: number, j: number, by: number) => plain(drawn.map((row, a) => row.map((cost, b) => (a === i && b === j ? cost + by : cost))), gamma)
    const expected = drawn.flatMap((row, i) => row.map((_, j) => (moved(i, j, 1e-5) - moved(i, j, -1e-5)) / 2e-5))
    expect(slopes).toBeAllclose(expected, { atol: 1e-8, rtol: 0 })
  })

  test('does not see what lies behind the lengths, infinite or not a number', () => {
    const [x, rows, columns] = [input('x', [3, 3, 4]), input('rows', [3]), input('columns', [3])]
    const value = softDtw(x, { gamma: 0.5, lengths: { rows, columns } })
    const costs = Float64Array.from([1, 2, Infinity, NaN, 3, 4, 9, 9, 9, NaN, 9, 9, ...Array<number>(12).fill(7), ...Array<number>(12).fill(7)])
    const [found, slopes] = evaluate([value, ...gradients(sum(value, [0]), [x])], { x: costs, rows: Float64Array.of(2, 1, 0), columns: Float64Array.of(2, 4, 3) })
    expect(found).toBeAllclose([plain([[1, 2], [3, 4]], 0.5), 28, 0], { rtol: 1e-12 })
    expect(slopes!.subarray(12, 28)).toEqual(Float64Array.from([1, 1, 1, 1, ...Array<number>(12).fill(0)]))
  })

  test('goes round closed cells', () => {
    const x = input('x', [1, 3, 3])
    const value = softDtw(x, { gamma: 0.5 })
    const [found, slopes] = evaluate([value, ...gradients(sum(value, [0]), [x])], { x: Float64Array.from([1, Infinity, Infinity, 2, Infinity, Infinity, 3, 4, 5]) })
    // two ways: 1, 2, 4, 5, and 1, 2, 3, 4, 5
    const byThree = Math.exp(-30) / (Math.exp(-24) + Math.exp(-30))
    expect([found![0], ...slopes!]).toBeAllclose([-0.5 * Math.log(Math.exp(-24) + Math.exp(-30)), 1, 0, 0, 1, 0, 0, byThree, 1, 1], { atol: 1e-12, rtol: 1e-12 })
  })

  test('of 300 frames in float32 is the recursion, and all of the slope arrives where all paths begin', async () => {
    const x = input('x', [1, 300, 300])
    const value = softDtw(square(x), { gamma: 0.1 })
    const [slope] = gradients(sum(value, [0]), [x])
    const program = await ortExecutor({ device: 'cpu', threads: 1 }).compile({ inputs: [x], state: [], outputs: { value, slope: slope! } })
    const data = Float32Array.from({ length: 90_000 }, () => random.between(0.5, 1.5))
    const found = await program.run({ x: { shape: [1, 300, 300], data } })
    const rows = Array.from({ length: 300 }, (_, i) => Array.from(data.subarray(i * 300, (i + 1) * 300), (cost) => cost ** 2))
    expect(found['value']!.data[0]).toBeAllclose(plain(rows, 0.1), { rtol: 1e-5 })
    // every path goes through the first and the last cell
    expect([found['slope']!.data[0]! / data[0]!, found['slope']!.data.at(-1)! / data.at(-1)!]).toBeAllclose([2, 2], { rtol: 1e-4 })
    await program.close()
  })
})

const costs = input('costs', [2, 3, 4])
const flat = input('flat', [3, 4])
const length = input('length', [3])
checkRefusals('soft-dtw.test.ts', [
  ['softDtw: warpingTable of [3, 4]: it is not [B, N, M], 1 or more of each', () => softDtw(flat, { gamma: 1 })],
  ['warpingTable of [3, 4]: it is not [B, N, M], 1 or more of each', () => warpingTable(flat, { gamma: 1 })],
  ['warpingCost of [3, 4]: it is not [B, N, M], 1 or more of each', () => warpingCost(mul(flat, 1))],
  ['softDtw: warpingCost of [2, 3, 4] and [3]: the lengths are not [2]', () => softDtw(costs, { gamma: 1, lengths: { rows: length, columns: input('columns', [2]) } })],
])
