import type { Node } from '../graph.ts'
import { exp } from './exp.ts'
import { log } from './log.ts'
import { max } from './max.ts'
import { stopGradient } from './stop-gradient.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'

/** x - log of the sum of exp(x) over the last axis, without overflow. Composed: WebGPU has no LogSoftmax. */
export function logSoftmax(x: Node): Node {
  const shifted = sub(x, stopGradient(max(x, [-1], { keepDims: true })))
  return sub(shifted, log(sum(exp(shifted), [-1], { keepDims: true })))
}
