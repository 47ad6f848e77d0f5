import { expect, test } from 'vitest'
import { la2dsKind } from '../../src/models/la2ds.ts'
import { parameterCount } from '../../src/models/index.ts'
import { profiles, type SizeSettings, sizesOf } from '../../src/models/profiles.ts'
import { trainDefaults } from '../../src/jobs/train-config.ts'

const asProfile: SizeSettings = {
  profile: 'small', heatmap: { size: 'profile', sigma: 'profile' }, patch: 'profile', width: 'profile', heads: 'profile', spatialLayers: 'profile', temporalLayers: 'profile',
}
const skeleton = { name: 'penn-13', rawJoints: [], joints: Array.from({ length: 13 }, (_, j) => `j${j}`), edges: Array.from({ length: 14 }, (_, e): [number, number] => [e % 13, (e + 1) % 13]), pairs: [] }

test('sizes are the profile\'s, but for those that a training has of its own', () => {
  expect(sizesOf(asProfile)).toEqual(profiles['small'])
  expect(sizesOf({ ...asProfile, heatmap: { size: 48, sigma: 'profile' }, patch: 16, heads: 8 })).toEqual({ ...profiles['small'], size: 48, patch: 16, heads: 8 })
})

// d = 64: a spatial block has 12 d^2 + 10 d = 49,792; patches of 4 px: 12 more tokens of d, and 27 x (64 - 16) fewer inputs of 2 + d numbers each
test('and decide the encoder', () => {
  const sized = (set: object) => parameterCount(la2dsKind.make({ ...trainDefaults, ...set }, { skeleton, frames: 64 }).model)
  expect(sized({ spatialLayers: 5 }) - sized({})).toBe(3 * 49_792)
  expect(sized({ patch: 4 }) - sized({})).toBe(12 * 64 - 27 * 48 * 66)
  // two matrices of d x d each and a bias of d less for each of the 6 blocks
  expect(sized({}) - sized({ mlp: 3 })).toBe(6 * (2 * 64 ** 2 + 64))
})

// 13 joints and 2 limbs in place of 14: 12 x 64 px of a patch fewer, of 2 + d numbers each
test('limbs that are named have a channel each, in heatmaps and in those of points', () => {
  const limbs = 'j0-j5,j5-j9'
  const made = (set: object) => la2dsKind.make({ ...trainDefaults, ...set }, { skeleton, frames: 64 })
  expect(parameterCount(made({}).model) - parameterCount(made({ limbs }).model)).toBe(12 * 64 * 66)
  expect(made({ limbs }).inputs.tensors.heatmaps).toMatchObject({ channels: 'both', limbs: [['j0', 'j5'], ['j5', 'j9']] })
  expect(parameterCount(made({ limbs, inputs: 'points' }).model)).toBe(parameterCount(made({ limbs }).model))
})

test.each([
  [{ limbs: 'j0-j13' }, 'no joint of penn-13 "j13"'], [{ limbs: 'j0-j1,j2' }, '--set limbs=j0-j1,j2: "j2" is not two joints'], [{ limbs: '' }, '--set limbs=: "" is not two joints'],
  [{ limbs: 'j0-j1', channels: 'joint' }, '--set limbs=j0-j1: with channels=joint no limb is drawn'],
])('limbs that cannot be drawn are refused: %o', (set, message) => {
  expect(() => la2dsKind.make({ ...trainDefaults, ...set } as typeof trainDefaults, { skeleton, frames: 64 })).toThrow(expect.objectContaining({ code: 'E_LIMBS', message }))
})

test.each([
  [{ heatmap: { size: 30, sigma: 'profile' } }, 'heatmaps of 30 x 30 px do not come apart into patches of 8 x 8', 'heatmap.size must be a multiple of patch'],
  [{ heads: 7 }, 'a width of 64 does not come apart into 7 heads', 'width must be a multiple of heads'],
] as const)('sizes that do not fit are refused: %o', (set, message, hint) => {
  expect(() => sizesOf({ ...asProfile, ...set })).toThrow(expect.objectContaining({ code: 'E_MODEL_SIZES', message, hint }))
})
