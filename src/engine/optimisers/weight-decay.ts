import type { Node } from '../graph.ts'
import { add } from '../ops/add.ts'
import { mul } from '../ops/mul.ts'
import { sub } from '../ops/sub.ts'
import type { Step } from './rule.ts'

/** The parameters shrunk by rate x decay, where decay applies. */
export function decayed({ params, rate, decays }: Step, weightDecay: number): Node {
  if (weightDecay === 0) return params
  const shrinkage = mul(rate, weightDecay)
  return mul(params, sub(1, decays === null ? shrinkage : mul(decays, shrinkage)))
}

/** The gradient of the loss plus decay / 2 x the sum of the squares of the parameters where decay applies. */
export function decayGradient({ params, gradient, decays }: Step, weightDecay: number): Node {
  return weightDecay === 0 ? gradient : add(gradient, mul(params, decays === null ? weightDecay : mul(decays, weightDecay)))
}
