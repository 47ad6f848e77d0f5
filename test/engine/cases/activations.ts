import {
  elu, geluTanh, hardSigmoid, hardSwish, leakyRelu, logSigmoid, logSoftmax, mish, sigmoid, silu, softmax, softplus, softsign, tanh,
} from '../../../src/engine/index.ts'
import type { Case } from '../operation-case.ts'

/** Drawn from [-4, 4): both sides of every kink. */
const wide = { shapes: [[3, 5]], above: -4, spread: 8 }

export const cases: readonly Case[] = [
  { title: 'tanh', ...wide, make: (x) => tanh(x!) },
  { title: 'sigmoid', ...wide, make: (x) => sigmoid(x!) },
  { title: 'logSigmoid', ...wide, make: (x) => logSigmoid(x!) },
  { title: 'softplus', ...wide, make: (x) => softplus(x!) },
  { title: 'softsign', ...wide, make: (x) => softsign(x!) },
  { title: 'silu', ...wide, make: (x) => silu(x!) },
  { title: 'mish', ...wide, make: (x) => mish(x!) },
  { title: 'geluTanh', ...wide, make: (x) => geluTanh(x!) },
  { title: 'leakyRelu', ...wide, make: (x) => leakyRelu(x!, 0.2) },
  { title: 'elu', ...wide, make: (x) => elu(x!, 0.7) },
  { title: 'hardSigmoid', ...wide, make: (x) => hardSigmoid(x!) },
  { title: 'hardSwish', ...wide, make: (x) => hardSwish(x!) },
  { title: 'softmax over the first axis', shapes: [[3, 4, 2]], make: (x) => softmax(x!, 0) },
  { title: 'softmax over the middle axis', shapes: [[3, 4, 2]], make: (x) => softmax(x!, -2) },
  { title: 'logSoftmax over the first axis', shapes: [[3, 4]], make: (x) => logSoftmax(x!, 0) },
]
