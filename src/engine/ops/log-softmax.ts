import { node, optional, whole } from '../arguments.ts'
import { checked } from '../checked.ts'
import type { Node } from '../graph.ts'
import { axisOf } from './axis.ts'
import { exp } from './exp.ts'
import { log } from './log.ts'
import { max } from './max.ts'
import { stopGradient } from './stop-gradient.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'

/** x - log of the sum of exp(x) over an axis, the last when not given, without overflow. Composed: WebGPU has no LogSoftmax. */
export const logSoftmax = checked('logSoftmax', { x: node, axis: optional(whole) }, (x: Node, axis = -1): Node => {
  const along = [axisOf('logSoftmax', x, axis)]
  const shifted = sub(x, stopGradient(max(x, along, { keepDims: true })))
  return sub(shifted, log(sum(exp(shifted), along, { keepDims: true })))
})
