import { describe, expect, test } from 'vitest'
import { constant, evaluate, type Node } from '../../../src/engine/index.ts'
import { tcn } from '../../../src/train/losses/index.ts'
import { nPairs } from '../../../src/train/losses/tcn.ts'
import { A, B, differences, feedsOf, lossOf, type Pair } from './pairs-of-views.ts'

const loss = tcn({ frames: 0, window: 5, regularisation: 0.002 })
const pair: Pair = { first: { rows: A, time: [0, 2, 3, 6, 9] }, second: { rows: B, time: [0, 1, 4, 5, 8, 11] }, length: 12 }
const unit = (row: readonly number[]): number[] => row.map((x) => x / Math.hypot(...row))
const rowsOf = (rows: readonly (readonly number[])[]): Node => constant({ shape: [1, rows.length, 3], data: Float32Array.from(rows.flat()) })
const pairsOf = (anchors: readonly (readonly number[])[], positives: readonly (readonly number[])[]): number =>
  evaluate([nPairs({ anchors: rowsOf(anchors), positives: rowsOf(positives), mask: constant({ shape: [1, anchors.length], data: new Float32Array(anchors.length).fill(1) }) }, 0.002)], {})[0]![0]!

describe('the time-contrastive loss', () => {
  // golden.py; constants of a graph are float32
  test('is the release\'s n-pairs loss', () => {
    const rows = B.map(unit)
    expect(pairsOf([rows[0]!, rows[2]!, rows[4]!], [rows[1]!, rows[3]!, rows[5]!])).toBeAllclose(0.7540929926600439, { atol: 0, rtol: 1e-6 })
  })

  test('takes for each frame one of the 5 before it, and the first where there is none; does not see padding', () => {
    // 1 + floor(5 u) frames back: of the first view 1, 1, 2, 1, 3, of the second 5, 1, 1, 3, 2, 5
    const back = [0.1, 0.1, 0.3, 0, 0.5, 0, 0.9, 0.1, 0, 0.5, 0.2, 0.99]
    const [first, second] = [[0, 0, 0, 2, 1], [0, 0, 1, 0, 2, 0]]
    const expected = (pairsOf(first!.map((i) => A[i]!), A) + pairsOf(second!.map((i) => B[i]!), B)) / 2
    expect(lossOf(loss, { ...feedsOf([pair], 6, 7), 'tcn.back': Float64Array.from(back) }, 6).value).toBeAllclose(expected, { rtol: 1e-6 })
  })

  test('draws so many frames of each view', () => {
    const drawn = Float64Array.of(0.1, 0.7, 0.2, 0.5, 0.9, 0.95, 0.6, 0.1, 0.9, 0.2, 0.3, 0.7)
    const expected = (pairsOf([A[0]!, A[2]!, A[3]!], [A[1]!, A[3]!, A[4]!]) + pairsOf([B[0]!, B[1]!, B[4]!], [B[0]!, B[2]!, B[5]!])) / 2
    const three = tcn({ frames: 3, window: 1, regularisation: 0.002 })
    expect(lossOf(three, { ...feedsOf([pair], 6), 'tcn.frames': drawn, 'tcn.back': new Float64Array(6) }, 6).value).toBeAllclose(expected, { rtol: 1e-6 })
  })

  test('has the gradient of its finite differences', () => {
    const feeds = { ...feedsOf([pair], 6, 0.5), 'tcn.back': Float64Array.from({ length: 12 }, (_, i) => ((i * 7) % 12) / 12) }
    expect(lossOf(loss, feeds, 6).gradient).toBeAllclose(differences(loss, feeds, 6), { atol: 1e-7, rtol: 1e-6 })
  })
})
