import { expect, test } from 'vitest'
import {
  elu, evaluate, gelu, geluTanh, hardSigmoid, hardSwish, input, leakyRelu, logSigmoid, logSoftmax, mish, type Node, relu, sigmoid, silu, softmax, softplus, softsign, tanh,
} from '../../src/engine/index.ts'
import { cases } from './cases/activations.ts'
import { checkOperations } from './check-operations.ts'
import { checkRecorded } from './recorded.ts'
import { checkRefusals } from './check-refusals.ts'

checkOperations(cases)

const pointwise: Readonly<Record<string, (x: Node) => Node>> = {
  relu, leakyRelu: (x) => leakyRelu(x), 'leakyRelu of slope 0.2': (x) => leakyRelu(x, 0.2), elu: (x) => elu(x), 'elu of alpha 0.5': (x) => elu(x, 0.5),
  tanh, sigmoid, logSigmoid, softplus, softsign, silu, mish, gelu, geluTanh, hardSigmoid, hardSwish,
}

checkRecorded('activations', {
  ...Object.fromEntries(Object.entries(pointwise).flatMap(([name, make]) => [name, `${name} of kinks and far numbers`].map((title) => [title, (x?: Node) => make(x!)]))),
  'softmax over the last axis': (x) => softmax(x!),
  'softmax over the first axis': (x) => softmax(x!, 0),
  'softmax over the middle axis': (x) => softmax(x!, 1),
  'softmax with places that are left out': (x) => softmax(x!, 0),
  'logSoftmax over the last axis': (x) => logSoftmax(x!),
  'logSoftmax over the middle axis': (x) => logSoftmax(x!, -2),
  'logSoftmax of far numbers': (x) => logSoftmax(x!),
  'logSoftmax of one place': (x) => logSoftmax(x!, 1),
})

test.each(Object.entries(pointwise))('%s of NaN is NaN', (_name, make) => {
  expect(evaluate([make(input('x', [1]))], { x: [NaN] })[0]).toEqual(Float64Array.of(NaN))
})

checkRefusals('activations.test.ts', [
  ['softmax of [2, 3]: no axis 2', () => softmax(input('x', [2, 3]), 2)],
  ['softmax of []: no axis -1', () => softmax(input('x', []))],
  ['logSoftmax of [2, 3]: no axis -3', () => logSoftmax(input('x', [2, 3]), -3)],
])
