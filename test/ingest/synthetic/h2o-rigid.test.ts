import { expect, test } from 'vitest'
import { after, axisAngle, inverse, look, partWay, place, type Rigid, rows, turn } from '../../../src/ingest/synthetic/h2o/h2o-rigid.ts'
import { randomAt } from '../../../src/random.ts'
import { pythonWith, runPython } from '../../python.ts'

const python = pythonWith('scipy.spatial')
const quarter: Rigid = { ...turn(2, 0.25), at: [1, 2, 3] }

test('turns counter-clockwise about an axis, then moves', () => {
  expect(place(quarter, [1, 0, 0])).toBeAllclose([1, 3, 3])
  expect(place(turn(0, 0.25), [0, 1, 0])).toBeAllclose([0, 0, 1])
  expect(place(turn(1, 0.25), [0, 0, 1])).toBeAllclose([1, 0, 0])
  expect(rows(quarter)).toBeAllclose([0, -1, 0, 1, 1, 0, 0, 2, 0, 0, 1, 3, 0, 0, 0, 1])
})

test('is undone by its inverse', () => {
  expect(place(inverse(quarter), place(quarter, [4, 5, 6]))).toBeAllclose([4, 5, 6])
  expect(place(after(inverse(quarter), quarter), [4, 5, 6])).toBeAllclose([4, 5, 6])
})

test('looks with x to the right, y down and z forward', () => {
  expect(rows(look([0, 0, 1], [0, 5, 1]))).toBeAllclose([1, 0, 0, 0, 0, 0, 1, 0, 0, -1, 0, 1, 0, 0, 0, 1])
})

test('goes part of the way from one rotation to another', () => {
  expect(rows(partWay(turn(1, 0.1), turn(1, 0.3), 0.25))).toBeAllclose(rows(turn(1, 0.15)), { atol: 1e-14 })
  const there = after(turn(2, 0.1), turn(0, 0.2))
  expect(rows(partWay(turn(1, 0.3), there, 1))).toBeAllclose(rows(there), { atol: 1e-14 })
  expect(rows(partWay(there, there, 0.5))).toBeAllclose(rows(there), { atol: 1e-14 })
})

test.each([[turn(0, 0), [0, 0, 0]], [turn(2, 0.25), [0, 0, Math.PI / 2]], [turn(1, -0.4), [0, -0.8 * Math.PI, 0]], [turn(0, 0.5), [Math.PI, 0, 0]]])(
  'is an axis times an angle (%#)', (rigid, expected) => {
    expect(axisAngle(rigid)).toBeAllclose(expected, { atol: 1e-14 })
  })

test.skipIf(python === null)('agrees with scipy.spatial.transform.Rotation.as_rotvec (POSETTA_PYTHON names the interpreter)', () => {
  const random = randomAt({ seed: 1 })
  const rotations = Array.from({ length: 500 }, (_, at) => [0, 1, 2].reduce((rigid, axis) =>
    after(rigid, turn(axis as 0 | 1 | 2, random.normal() * (at % 2 === 0 ? 0.3 : 1e-5))), turn(0, 0)))
  const script = `
import json, sys
from scipy.spatial.transform import Rotation
print(json.dumps(Rotation.from_matrix(json.load(sys.stdin)).as_rotvec().tolist()))`
  const matrices = rotations.map((rigid) => [0, 4, 8].map((start) => rows(rigid).slice(start, start + 3)))
  const expected = JSON.parse(runPython(python!, script, JSON.stringify(matrices))) as number[][]
  expect(rotations.map(axisAngle)).toBeAllclose(expected, { atol: 1e-13, rtol: 0 })
})
