import { expect, test } from 'vitest'
import { conv1d, conv2d, conv3d, convTranspose1d, convTranspose2d, convTranspose3d, evaluate, gradients, input, ortExecutor, sum } from '../../src/engine/index.ts'
import { cases } from './cases/conv.ts'
import { checkOperations } from './check-operations.ts'
import { checkRecorded } from './recorded.ts'
import { checkRefusals } from './check-refusals.ts'

checkOperations(cases)

checkRecorded('conv', {
  conv1d: (x, w) => conv1d(x!, w!),
  'conv1d, stride 2, dilation 3, padding 4': (x, w, bias) => conv1d(x!, w!, { bias: bias!, stride: 2, dilation: 3, padding: 4 }),
  'conv1d, an even kernel, same': (x, w) => conv1d(x!, w!, { padding: 'same' }),
  'conv2d, bias, padding': (x, w, bias) => conv2d(x!, w!, { bias: bias!, padding: [1, 0] }),
  'conv2d, 9 x 1': (x, w) => conv2d(x!, w!, { padding: [4, 0] }),
  'conv2d, 1 x 1, stride 2': (x, w) => conv2d(x!, w!, { stride: 2 }),
  'conv2d, uneven padding': (x, w, bias) => conv2d(x!, w!, { bias: bias!, stride: [2, 1], padding: [[2, 1], [0, 3]] }),
  'conv2d, 2 groups': (x, w, bias) => conv2d(x!, w!, { bias: bias!, padding: 1, groups: 2, stride: [1, 2] }),
  'conv2d, depthwise': (x, w) => conv2d(x!, w!, { padding: 'same', groups: 3, dilation: 2 }),
  'conv3d, padding': (x, w, bias) => conv3d(x!, w!, { bias: bias!, padding: 1 }),
  'conv3d, stride, dilation': (x, w) => conv3d(x!, w!, { stride: [1, 2, 2], dilation: [2, 1, 2], padding: [1, 0, 1] }),
  convTranspose1d: (x, w, bias) => convTranspose1d(x!, w!, { bias: bias!, stride: 3, padding: 1, outputPadding: 2, dilation: 2 }),
  convTranspose2d: (x, w) => convTranspose2d(x!, w!, { stride: 2, padding: 1, outputPadding: [1, 0], groups: 2 }),
  convTranspose3d: (x, w) => convTranspose3d(x!, w!, { stride: [1, 2, 2], padding: [1, 0, 1] }),
})

test('takes the difference to the place two before', () => {
  const y = conv1d(input('x', [1, 1, 5]), input('w', [1, 1, 2]), { dilation: 2 })
  expect(evaluate([y], { x: [1, 4, 9, 16, 25], w: [-1, 1] })[0]).toEqual(Float64Array.of(8, 12, 16))
})

test('keeps what is no number within its group', async () => {
  const [x, w] = [input('x', [1, 2, 3]), input('w', [2, 1, 2])]
  const [derivative] = gradients(sum(conv1d(x, w, { groups: 2 }), [0, 1, 2]), [w])
  const program = await ortExecutor({ device: 'cpu', threads: 1 }).compile({ inputs: [x, w], state: [], outputs: { derivative: derivative! } })
  const found = await program.run({ x: { shape: [1, 2, 3], data: Float32Array.of(NaN, Infinity, 1, 2, 3, 4) }, w: { shape: [2, 1, 2], data: new Float32Array(4) } })
  expect(found['derivative']!.data).toEqual(Float32Array.of(NaN, Infinity, 5, 7))
  await program.close()
})

checkRefusals('conv.test.ts', [
  ['conv2d of [2, 3, 4] and [4, 3, 1, 1]: x and w must have 4 axes each', () => conv2d(input('x', [2, 3, 4]), input('w', [4, 3, 1, 1]))],
  ['conv1d of [] and []: x and w must have 3 axes each', () => conv1d(input('x', []), input('w', []))],
  ['conv1d of [0, 3, 4] and [4, 3, 1]: an axis is empty', () => conv1d(input('x', [0, 3, 4]), input('w', [4, 3, 1]))],
  ['conv1d of [2, 4, 5] and [4, 3, 1]: 4 channels and filters [4, 3, 1] do not fit with groups = 1', () => conv1d(input('x', [2, 4, 5]), input('w', [4, 3, 1]))],
  ['conv1d of [2, 4, 5] and [3, 2, 1]: 4 channels and filters [3, 2, 1] do not fit with groups = 2', () => conv1d(input('x', [2, 4, 5]), input('w', [3, 2, 1]), { groups: 2 })],
  ['conv1d of [2, 3, 5] and [4, 3, 3]: the kernel is larger than the padded input', () => conv1d(input('x', [2, 3, 5]), input('w', [4, 3, 3]), { dilation: 3 })],
  ['conv1d of [1]: the bias must be [4]', () => conv1d(input('x', [2, 3, 5]), input('w', [4, 3, 3]), { bias: input('b', [1]) })],
  ['conv2d of [1, 1, 5, 5] and [1, 1, 3, 3]: stride must be a whole number >= 1, or one for each of 2 spatial axes, not [1]',
    () => conv2d(input('x', [1, 1, 5, 5]), input('w', [1, 1, 3, 3]), { stride: [1] })],
  ['conv2d of [1, 1, 5, 5] and [1, 1, 3, 3]: dilation must be a whole number >= 1, or one for each of 2 spatial axes, not 0',
    () => conv2d(input('x', [1, 1, 5, 5]), input('w', [1, 1, 3, 3]), { dilation: 0 })],
  ['conv2d of [1, 1, 5, 5] and [1, 1, 3, 3]: padding must be a whole number >= 0, or one for each of 2 spatial axes, not [0,-1]',
    () => conv2d(input('x', [1, 1, 5, 5]), input('w', [1, 1, 3, 3]), { padding: [[0, 1], [-1, 1]] })],
  ['conv1d of [1, 1, 5] and [1, 1, 3]: padding "same" needs a stride of 1, not [2]', () => conv1d(input('x', [1, 1, 5]), input('w', [1, 1, 3]), { padding: 'same', stride: 2 })],
  ['convTranspose1d of [1, 2, 5] and [1, 2, 3]: 2 channels and filters [1, 2, 3] do not fit with groups = 1', () => convTranspose1d(input('x', [1, 2, 5]), input('w', [1, 2, 3]))],
  ['convTranspose1d of [1, 1, 1] and [1, 1, 3]: padding cuts everything off: [-1] would be left', () => convTranspose1d(input('x', [1, 1, 1]), input('w', [1, 1, 3]), { padding: 2 })],
  ['convTranspose1d of [1, 1, 5] and [1, 1, 3]: outputPadding must be a whole number >= 0 and below the stride or the dilation of each axis, not 2',
    () => convTranspose1d(input('x', [1, 1, 5]), input('w', [1, 1, 3]), { stride: 2, outputPadding: 2 })],
])
