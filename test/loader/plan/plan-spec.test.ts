import { describe, expect, test } from 'vitest'
import { hashOfSpec, isPlain, normalSpec, type PlanSpec } from '../../../src/loader/plan/plan-spec.ts'

const spec: PlanSpec = {
  seed: 5, filter: { action: ['squat', 'jump'], minFrames: 3 }, balance: { by: 'action', power: 0.5 },
  windows: { frames: 8, stride: 4, rest: 'last' }, mixture: [{ where: { view: ['front'] }, weight: 2 }, { where: {}, weight: 1 }], buckets: { batch: 4, batches: 8 },
}

test('the hash does not depend on the order of keys and labels, nor on defaults that are written out', () => {
  const same = {
    buckets: { batches: 8, batch: 4 }, mixture: [{ weight: 2, where: { view: ['front', 'front'] } }, { weight: 1, where: {} }],
    windows: { step: 1, rest: 'last', stride: 4, frames: 8 }, balance: { power: 0.5, by: 'action' }, filter: { minFrames: 3, action: ['jump', 'squat', 'jump'] }, seed: 5,
  } satisfies PlanSpec
  expect(hashOfSpec(same)).toBe(hashOfSpec(spec))
})

describe('the hash changes with', () => {
  test.each<[string, PlanSpec]>([
    ['the seed', { ...spec, seed: 6 }], ['a label', { ...spec, filter: { action: ['squat'], minFrames: 3 } }], ['a length', { ...spec, filter: { action: ['squat', 'jump'], minFrames: 4 } }],
    ['what is balanced', { ...spec, balance: { by: 'view', power: 0.5 } }], ['how', { ...spec, balance: { by: 'action', repeat: 0.5 } }], ['a power', { ...spec, balance: { by: 'action', power: 0.25 } }],
    ['a stride', { ...spec, windows: { ...spec.windows!, stride: 5 } }], ['a step', { ...spec, windows: { ...spec.windows!, step: 2 } }], ['the rest', { ...spec, windows: { ...spec.windows!, rest: 'pad' } }],
    ['a weight', { ...spec, mixture: [{ where: { view: ['front'] }, weight: 3 }, { where: {}, weight: 1 }] }], ['the order of parts', { ...spec, mixture: [...spec.mixture!].reverse() }],
    ['a bucket', { ...spec, buckets: { batch: 8, batches: 4 } }], ['a part that is missing', { seed: 5, filter: spec.filter! }],
  ])('%s', (_, other) => {
    expect(hashOfSpec(other)).not.toBe(hashOfSpec(spec))
  })
})

test('the hash is of compact JSON with sorted keys', () => {
  // printf '{"filter":{"action":["bow"]},"seed":7}' | sha256sum
  expect(hashOfSpec({ seed: 7, filter: { action: ['bow'] } })).toBe('ff1ec00a9a034a41717e532daff1055461e39dc3c65e06a13b2feb822441f770')
})

test('a plan is plain when it asks for nothing but a seed, or for what leaves everything as it is', () => {
  expect([{ seed: 1 }, { seed: 1, filter: {} }, { seed: 1, filter: { minFrames: 2 } }, { seed: 1, mixture: [{ where: {}, weight: 1 }] }].map(isPlain)).toEqual([true, true, false, false])
})

describe('refuses', () => {
  test.each<[string, unknown, string]>([
    ['an unknown part', { seed: 1, shuffle: true }, 'plan: Unrecognized key: "shuffle"'],
    ['a seed that is none', { seed: -1 }, 'seed: Too small'],
    ['a label name that does not exist', { seed: 1, balance: { by: 'actoin', power: 0 } }, 'balance: Invalid input'],
    ['both kinds of balance', { seed: 1, balance: { by: 'action', power: 0, repeat: 0.1 } }, 'balance: Invalid input'],
    ['a weight of nothing', { seed: 1, mixture: [{ where: {}, weight: 0 }] }, 'mixture.0.weight: Too small'],
    ['pairs of windows', { seed: 1, pairs: { same: 'action', differs: 'group' }, windows: { frames: 2, stride: 1, rest: 'drop' } }, 'pairs are of whole clips, not of windows'],
    ['blocks of buckets beyond 2^20', { seed: 1, buckets: { batch: 2048, batches: 1024 } }, 'buckets of 1024 x 2048 samples: at most 2^20'],
  ])('%s', (_, given, message) => {
    expect(() => normalSpec(given)).toThrow(expect.objectContaining({ code: 'E_LOADER_PLAN', message: expect.stringContaining(message) }))
  })
})
