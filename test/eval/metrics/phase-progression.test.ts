import { expect, test } from 'vitest'
import { valueOf } from '../../../src/eval/measured.ts'
import { leastSquares } from '../../../src/eval/metrics/least-squares.ts'
import { phaseProgression, progressionTargets } from '../../../src/eval/metrics/phase-progression.ts'
import { embedded } from '../clips.ts'
import { features } from '../features.ts'

const clip = (id: string, phases: readonly number[]) => embedded(id, phases.map((_, t) => [t - phases.lastIndexOf(0)]), phases)
const column = (targets: Float64Array, k: number, columns: number) => Array.from(targets).filter((_, index) => index % columns === k)

test('counts from the last frame of a phase, over the length of the clip', () => {
  expect(column(progressionTargets([0, 0, 1, 1, 1, 2, 2, 3], 3, 'copy'), 1, 3)).toEqual([-0.5, -0.375, -0.25, -0.125, 0, 0.125, 0.25, 0.375])
})

test('a missing phase copies the column before, or counts from the end when it is the last but one (CASA)', () => {
  const withoutOne = progressionTargets([0, 0, 2, 3], 3, 'copy')
  expect(column(withoutOne, 1, 3)).toEqual(column(withoutOne, 0, 3))
  expect(column(progressionTargets([0, 0, 1, 3], 3, 'copy'), 2, 3)).toEqual([-1, -0.75, -0.5, -0.25])
})

test('a missing phase counts as over before the first frame (LAV), or its column is left out (AE2)', () => {
  expect(column(progressionTargets([0, 0, 2, 3], 3, 'before'), 1, 3)).toEqual([0.25, 0.5, 0.75, 1])
  expect(column(progressionTargets([0, 0, 2, 3], 3, 'exclude'), 1, 3)).toEqual([NaN, NaN, NaN, NaN])
})

test('fits and scores as scikit-learn 1.9.1 does (LinearRegression, r2_score)', () => {
  const targets = Float64Array.from({ length: 120 }, (_, i) => (i % 2 === 0 ? i / 2 / 60 - 0.4 : Math.cos((i - 1) / 2)))
  const weights = leastSquares(features(60, 5), targets, 2)
  expect(weights).toBeAllclose([
    0.001369550388956694, -0.0039622201960001395, -0.04475137784119321, 0.1883628935908811, -0.0010715093251375029, 0.0066596805936873175,
    -0.020082901297261417, 0.0723633032621489, -0.0007119259344332266, 0.003222560955180756, 0.09127887766630095, 0.012488708619238308,
  ], { rtol: 1e-9, atol: 1e-12 })
})

test('gives a repeated column no weight of its own, and the same prediction', () => {
  const twice = { shape: [4, 2], data: Float32Array.of(0, 0, 1, 1, 2, 2, 3, 3) }
  const weights = leastSquares(twice, Float64Array.of(1, 3, 5, 7), 1)
  expect([weights[0]! + weights[1]!, weights[2]]).toBeAllclose([2, 1])
})

test('is 1 where the embedding is the progress, and null where nothing varies', () => {
  const train = [clip('a', [0, 0, 1, 1]), clip('b', [0, 1, 1, 1])]
  expect(valueOf(phaseProgression(train, [clip('c', [0, 0, 0, 1])], { phases: 2 }))).toBeAllclose(1)
  const still = phaseProgression(train, [clip('d', [0])], { phases: 2 })
  expect([valueOf(still), still.reason]).toEqual([null, 'a column of targets has no variance'])
})
