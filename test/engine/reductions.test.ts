import { describe, expect, test } from 'vitest'
import {
  all, any, evaluate, gradients, input, logSumExp, max, mean, min, type Node, norm, ortExecutor, prod, standardDeviation, sum, sumSquare, variance,
} from '../../src/engine/index.ts'
import { cases } from './cases/reductions.ts'
import { checkOperations } from './check-operations.ts'
import { checkRecorded } from './recorded.ts'
import { checkRefusals } from './check-refusals.ts'

checkOperations(cases)

const keepDims = true

checkRecorded('reductions', {
  'min over the last axis': (x) => min(x!, [-1]), 'min over two axes, kept': (x) => min(x!, [0, 2], { keepDims }), 'min of ties': (x) => min(x!, [1]), 'max of ties': (x) => max(x!, [1]),
  'max over the first axis of ties': (x) => max(x!, [0]), 'max of infinities': (x) => max(x!, [1]), 'min of infinities': (x) => min(x!, [1]),
  'prod over the middle axis': (x) => prod(x!, [1]), 'prod with zeros': (x) => prod(x!, [1]), 'prod over two axes': (x) => prod(x!, [1, 2]),
  'logSumExp over the last axis': (x) => logSumExp(x!, [-1]), 'logSumExp over two axes, kept': (x) => logSumExp(x!, [0, 1], { keepDims }), 'logSumExp of far numbers': (x) => logSumExp(x!, [1]),
  'logSumExp with elements left out': (x) => logSumExp(x!, [1]), 'logSumExp of nothing but elements left out': (x) => logSumExp(x!, [0]), 'logSumExp of Infinity': (x) => logSumExp(x!, [0]),
  variance: (x) => variance(x!, [-1]), 'variance of all there is': (x) => variance(x!, [0, 2], { correction: 0 }), 'variance over all axes, kept': (x) => variance(x!, [0, 1, 2], { keepDims }),
  'variance of numbers far from 0': (x) => variance(x!, [0]), 'variance of one number': (x) => variance(x!, [0], { correction: 0 }),
  standardDeviation: (x) => standardDeviation(x!, [1]), 'standardDeviation of all there is, kept': (x) => standardDeviation(x!, [-1], { correction: 0, keepDims }),
  'standardDeviation of equal numbers': (x) => standardDeviation(x!, [1]),
  norm: (x) => norm(x!, [-1]), 'norm over two axes, kept': (x) => norm(x!, [0, 1], { keepDims }), 'norm of zeros': (x) => norm(x!, [1]),
  any: (x) => any(x!, [1]), 'all, kept': (x) => all(x!, [1], { keepDims }),
})

test('logSumExp of nothing but -Infinity has the derivative 0', () => {
  const x = input('x', [2])
  expect(evaluate(gradients(logSumExp(x, [0]), [x]), { x: [-Infinity, -Infinity] })[0]).toEqual(Float64Array.of(0, 0))
})

describe.each<[string, (x: Node) => Node]>([
  ['sum', (x) => sum(x, [1])], ['mean', (x) => mean(x, [1])], ['max', (x) => max(x, [1])], ['min', (x) => min(x, [1])], ['prod', (x) => prod(x, [1])], ['logSumExp', (x) => logSumExp(x, [1])],
  ['variance', (x) => variance(x, [1])], ['standardDeviation', (x) => standardDeviation(x, [1])], ['norm', (x) => norm(x, [1])],
])('%s is NaN where an element is, and only there', (name, make) => {
  const x = input('x', [3, 3])
  const data = [1, NaN, 2, NaN, 1, 2, 1, 2, 3]

  test('in float64', () => {
    expect([...evaluate([make(x)], { x: data })[0]!].map(Number.isNaN)).toEqual([true, true, false])
  })

  // which passes NaN over in its largest and smallest of rows
  test.skipIf(['max', 'min'].includes(name))('on ONNX Runtime', async () => {
    const program = await ortExecutor({ device: 'cpu', threads: 1 }).compile({ inputs: [x], state: [], outputs: { y: make(x) } })
    const { y } = await program.run({ x: { shape: [3, 3], data: Float32Array.from(data) } })
    await program.close()
    expect([...y!.data].map(Number.isNaN)).toEqual([true, true, false])
  })
})

checkRefusals('reductions.test.ts', [
  ['min of [2, 3]: no axes [0, -2]', () => min(input('x', [2, 3]), [0, -2])],
  ['logSumExp of []: no axes [0]', () => logSumExp(input('x', []), [0])],
  ['max of [2, 0]: nothing along axes [1]', () => max(input('x', [2, 0]), [1])],
  ['mean of [0, 2]: nothing along axes [0]', () => mean(input('x', [0, 2]), [0])],
  ['variance of [2, 1]: too few numbers along axes [1] for a correction of 1', () => variance(input('x', [2, 1]), [1])],
  ['standardDeviation of [3]: too few numbers along axes [0] for a correction of 3', () => standardDeviation(input('x', [3]), [0], { correction: 3 })],
])

test('the sum and the product of nothing are 0 and 1', () => {
  const x = input('x', [2, 0])
  expect(evaluate([sum(x, [1]), sumSquare(x, [1]), prod(x, [1])], { x: [] })).toEqual([Float64Array.of(0, 0), Float64Array.of(0, 0), Float64Array.of(1, 1)])
})
