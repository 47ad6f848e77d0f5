import { expect, test } from 'vitest'
import { type Distances, distancesOf } from '../../../src/eval/alignment/distances.ts'
import { expectedAlignment, softWarping } from '../../../src/eval/alignment/soft-warping.ts'
import { warpedFrames, warpingPath } from '../../../src/eval/alignment/warping.ts'
import { features } from '../features.ts'

/** Every monotone path from the first cell to the last one. */
function paths(i: number, j: number): [number, number][][] {
  if (i === 0 && j === 0) return [[[0, 0]]]
  const before = [[i - 1, j], [i, j - 1], [i - 1, j - 1]].filter(([a, b]) => a! >= 0 && b! >= 0)
  return before.flatMap(([a, b]) => paths(a!, b!).map((path): [number, number][] => [...path, [i, j]]))
}

test('a cell has the share of all paths that pass it, each weighed by exp(-cost / gamma)', () => {
  const [gamma, distances] = [0.7, distancesOf(features(4, 3), features(5, 3, 0.4))]
  const at = ([i, j]: [number, number]) => i * 5 + j
  const all = paths(3, 4).map((path) => ({ cells: path.map(at), weight: Math.exp(-path.reduce((sum, cell) => sum + distances.values[at(cell)]!, 0) / gamma) }))
  expect(all.length).toBe(129) // the Delannoy number D(3, 4)
  const total = all.reduce((sum, { weight }) => sum + weight, 0)
  const shares = Array.from({ length: 20 }, (_, cell) => all.filter(({ cells }) => cells.includes(cell)).reduce((sum, { weight }) => sum + weight, 0) / total)
  expect(expectedAlignment(distances, gamma)).toBeAllclose(shares, { atol: 1e-12 })
})

test('becomes dynamic time warping at a low temperature', () => {
  const distances = distancesOf(features(30, 3), features(24, 3, 0.3))
  const likeliest = (weights: Float64Array) => Array.from({ length: 30 }, (_, row) => weights.subarray(row * 24, (row + 1) * 24).indexOf(Math.max(...weights.subarray(row * 24, (row + 1) * 24))))
  const found = likeliest(softWarping(distances, 1e-4))
  expect(warpedFrames(warpingPath(distances), 30).every((frame, row) => Math.abs(frame - found[row]!) <= 1)).toBe(true)
})

test('stays finite where distances are large beside the temperature, or all 0', () => {
  const flat: Distances = { rows: 3, columns: 3, values: new Float64Array(9) }
  expect(expectedAlignment(flat, 1)).toBeAllclose([13, 5, 1, 5, 9, 5, 1, 5, 13].map((passing) => passing / 13))
  expect(softWarping({ rows: 2, columns: 2, values: Float64Array.of(0, 1e6, 1e6, 0) }, 1e-6).every(Number.isFinite)).toBe(true)
})
