import { expect, test } from 'vitest'
import {
  adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d, avgPool1d, avgPool2d, avgPool3d, evaluate, gradients, input, maxPool1d, maxPool2d, maxPool3d, ortExecutor,
  referenceExecutor, sum,
} from '../../src/engine/index.ts'
import { cases } from './cases/pool.ts'
import { checkOperations } from './check-operations.ts'
import { checkRecorded } from './recorded.ts'
import { checkRefusals } from './check-refusals.ts'

checkOperations(cases)

checkRecorded('pool', {
  'maxPool1d of ties': (x) => maxPool1d(x!, 3, { stride: 1, padding: 1 }),
  'maxPool1d, dilated': (x) => maxPool1d(x!, 3, { stride: 2, padding: 1, dilation: 2 }),
  'maxPool2d of ties': (x) => maxPool2d(x!, 2, { stride: 1 }),
  'maxPool2d, 3, stride 2, padding 1': (x) => maxPool2d(x!, 3, { stride: 2, padding: 1 }),
  maxPool3d: (x) => maxPool3d(x!, [2, 3, 2], { stride: [1, 2, 2], padding: [0, 1, 1] }),
  'avgPool1d, padding': (x) => avgPool1d(x!, 3, { stride: 2, padding: 1 }),
  'avgPool2d, padding not counted': (x) => avgPool2d(x!, [3, 2], { stride: [1, 2], padding: 1, countPadding: false }),
  avgPool3d: (x) => avgPool3d(x!, [1, 2, 2]),
  adaptiveAvgPool1d: (x) => adaptiveAvgPool1d(x!, 3),
  adaptiveAvgPool2d: (x) => adaptiveAvgPool2d(x!, [4, 2]),
  adaptiveAvgPool3d: (x) => adaptiveAvgPool3d(x!, [1, 2, 3]),
})

test('gives the whole derivative to the first of equals', () => {
  const x = input('x', [1, 1, 4])
  expect(evaluate(gradients(sum(maxPool1d(x, 4), [0, 1, 2]), [x]), { x: [3, 7, 7, 7] })[0]).toEqual(Float64Array.of(0, 1, 0, 0))
})

test.each([['reference', referenceExecutor()], ['ONNX Runtime', ortExecutor({ device: 'cpu', threads: 1 })]])('keeps what is no number in the windows that see it, on %s', async (_, executor) => {
  const x = input('x', [1, 1, 6])
  const program = await executor.compile({ inputs: [x], state: [], outputs: { y: maxPool1d(x, 3, { stride: 1, padding: 1 }) } })
  const { y } = await program.run({ x: { shape: [1, 1, 6], data: Float32Array.of(1, 2, NaN, 0, 5, -Infinity) } })
  expect(y!.data).toEqual(Float32Array.of(2, NaN, NaN, NaN, 5, 5))
  await program.close()
})

checkRefusals('pool.test.ts', [
  ['maxPool2d of [2, 3, 4]: x must have 4 axes', () => maxPool2d(input('x', [2, 3, 4]), 2)],
  ['avgPool1d of [2, 0, 4]: an axis is empty', () => avgPool1d(input('x', [2, 0, 4]), 2)],
  ['maxPool2d of [2, 3, 4, 4]: the kernel must be one whole number or 2, not [2]', () => maxPool2d(input('x', [2, 3, 4, 4]), [2])],
  ['maxPool1d of [2, 3, 4]: the kernel must be a whole number >= 1, or one for each of 1 spatial axes, not [0]', () => maxPool1d(input('x', [2, 3, 4]), 0)],
  ['maxPool1d of [2, 3, 4]: the kernel is larger than the padded input', () => maxPool1d(input('x', [2, 3, 4]), 5)],
  ['maxPool1d of [2, 3, 4]: a window lies in the padding alone', () => maxPool1d(input('x', [2, 3, 4]), 2, { padding: 2 })],
  ['avgPool1d of [2, 3, 4]: a window lies in the padding alone', () => avgPool1d(input('x', [2, 3, 4]), 1, { padding: 1 })],
  ['adaptiveAvgPool2d of [2, 3, 4, 4]: size must be a whole number >= 1, or one for each of 2 spatial axes, not [2,0]', () => adaptiveAvgPool2d(input('x', [2, 3, 4, 4]), [2, 0])],
  ['adaptiveAvgPool1d of [2, 3]: x must have 3 axes', () => adaptiveAvgPool1d(input('x', [2, 3]), 2)],
])
