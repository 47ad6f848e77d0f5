import { expect, test } from 'vitest'
import { alignFrames } from '../../../src/eval/alignment/align-frames.ts'
import { features } from '../features.ts'
import { rows } from '../clips.ts'

// squared distances 0, 1, 4 and 1, 0, 1: their mean is 7 / 6
const [a, b] = [rows([0], [1]), rows([0], [1], [2])]

test('the nearest frame, its squared distance, and how much of the soft match lies within a frame of it', () => {
  const { moments, frames, costs, confidences } = alignFrames(a, b, { method: 'nearest', temperature: 6 / 7 })
  expect([[...moments], [...frames], [...costs]]).toEqual([[0, 1], [0, 1], [0, 0]])
  const [near, far] = [Math.exp(-1), Math.exp(-4)]
  expect(confidences).toBeAllclose([(1 + near) / (1 + near + far), 1])
})

test('a soft match gives the expected time, and the cost of the frame nearest to that', () => {
  const { moments, frames, costs } = alignFrames(a, b, { method: 'soft', temperature: 6 / 7 })
  const [near, far] = [Math.exp(-1), Math.exp(-4)]
  expect(moments).toBeAllclose([(near + 2 * far) / (1 + near + far), 1])
  expect([[...frames], [...costs]]).toEqual([[0, 1], [0, 0]])
})

test.each(['nearest', 'warping', 'soft', 'soft-warping'] as const)('%s does not heed the scale of an embedding', (method) => {
  const [x, y] = [features(12, 3), features(9, 3, 0.5)]
  const twice = (t: typeof x) => ({ ...t, data: t.data.map((value) => 2 * value) })
  expect(alignFrames(twice(x), twice(y), { method }).moments).toBeAllclose(alignFrames(x, y, { method }).moments)
})

test('a clip is aligned to itself frame by frame by all but the soft ones, which come near at a low temperature', () => {
  const x = features(12, 3)
  for (const method of ['nearest', 'warping', 'soft', 'soft-warping'] as const) {
    expect(alignFrames(x, x, { method, temperature: 0.001 }).moments).toBeAllclose(Array.from({ length: 12 }, (_, t) => t), { atol: 0.02 })
  }
})
