import { expect, test } from 'vitest'
import { evaluate, input, sum } from '../../src/engine/index.ts'
import { cases } from './cases/pieces.ts'
import { checkOperations } from './check-operations.ts'

checkOperations(cases)

const made = (title: string) => cases.find((one) => one.title.startsWith(title))!

// scipy.spatial.transform.Rotation.from_rotvec([0, 0, pi / 2]): x goes to y
test('a quarter turn about z takes x to y', () => {
  const [rotation] = evaluate([made('Rodrigues').make(input('axis', [1, 3]))], { axis: [0, 0, Math.PI / 2] })
  expect(rotation).toBeAllclose([0, -1, 0, 1, 0, 0, 0, 0, 1], { atol: 1e-12 })
})

test('samples at whole places are the voxels there', () => {
  const volume = Float64Array.from({ length: 54 }, (_, i) => i)
  const [samples] = evaluate([made('trilinear').make(input('volume', [1, 2, 3, 3, 3]), input('places', [1, 4, 3]))], { volume, places: [0, 0, 0, 1, 2, 0, 2, 2, 2, 0.5, 0, 0] })
  expect(samples).toBeAllclose([0, 27, 15, 42, 26, 53, 4.5, 31.5], { atol: 1e-12 })
})

test('Sinkhorn\'s plan has the marginals that were asked for', () => {
  const plan = made('Sinkhorn').make(input('cost', [3, 4]))
  const [rows, columns] = evaluate([sum(plan, [1]), sum(plan, [0])], { cost: Array.from({ length: 12 }, (_, i) => Math.sin(i)) })
  expect(rows).toBeAllclose([1 / 3, 1 / 3, 1 / 3], { atol: 1e-9 })
  expect(columns).toBeAllclose([0.25, 0.25, 0.25, 0.25], { atol: 1e-6 })
})
