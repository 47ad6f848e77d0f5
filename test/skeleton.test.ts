import { expect, test } from 'vitest'
import { namedLimbs } from '../src/skeleton.ts'

const skeleton = { name: 'arm-3', joints: ['left_shoulder', 'left_elbow', 'left_wrist'] }

test('limbs by name are pairs of indices, in their order', () => {
  expect(namedLimbs(skeleton, [['left_elbow', 'left_wrist'], ['left_shoulder', 'left_wrist']])).toEqual([[1, 2], [0, 2]])
})

test.each([
  ['no joint of arm-3 "left_elbo"', 'left_shoulder', 'left_elbo'], ['limb left_wrist-left_wrist ends where it begins', 'left_wrist', 'left_wrist'],
  ['limb left_elbow-left_shoulder is there twice', 'left_elbow', 'left_shoulder'],
])('refused: %s', (message, a, b) => {
  expect(() => namedLimbs(skeleton, [['left_shoulder', 'left_elbow'], [a, b]])).toThrow(expect.objectContaining({ code: 'E_LIMBS', message }))
})
