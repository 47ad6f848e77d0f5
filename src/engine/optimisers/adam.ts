import { add } from '../ops/add.ts'
import { div } from '../ops/div.ts'
import { mul } from '../ops/mul.ts'
import { sqrt } from '../ops/sqrt.ts'
import { square } from '../ops/square.ts'
import { sub } from '../ops/sub.ts'
import type { Node } from '../graph.ts'
import type { Rule, Step } from './rule.ts'
import { decayed, decayGradient } from './weight-decay.ts'

export type AdamOptions = {
  /** Decay rates of the two moments, 0.9 and 0.999. */
  readonly beta1?: number
  readonly beta2?: number
  /** 1e-8, added to the root. */
  readonly epsilon?: number
  /** 1e-2 for AdamW, where it shrinks the parameters by rate x decay; 0 for Adam, where decay x parameter joins the gradient. */
  readonly weightDecay?: number
}

/**
 * Adam (Kingma and Ba, ICLR 2015): moves by the first moment over the root of the second, both corrected for their start at 0. States `m`, `v`; fed are `correction1` =
 * 1 - beta1^t and `correction2` = 1 - beta2^t, which carry their beta in the name where groups differ in it.
 */
export function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 }: AdamOptions): Rule {
  return adamLike({ beta1, beta2, epsilon }, (step) => ({ params: step.params, gradient: decayGradient(step, weightDecay) }))
}

/** AdamW (Loshchilov and Hutter, ICLR 2019): as Adam, but weight decay shrinks the parameters and stays out of the moments. */
export function adamW({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 1e-2 }: AdamOptions): Rule {
  return adamLike({ beta1, beta2, epsilon }, (step) => ({ params: decayed(step, weightDecay), gradient: step.gradient }))
}

function adamLike(
  { beta1, beta2, epsilon }: { beta1: number; beta2: number; epsilon: number }, decay: (step: Step) => { params: Node; gradient: Node },
): Rule {
  const [correction1, correction2] = [`correction1:${beta1}`, `correction2:${beta2}`]
  return {
    states: ['m', 'v'],
    feeds: { [correction1]: (step) => 1 - beta1 ** step, [correction2]: (step) => 1 - beta2 ** step },
    update: (step) => {
      const { states, rate, feeds } = step
      const { params, gradient } = decay(step)
      const m = add(mul(states['m']!, beta1), mul(gradient, 1 - beta1))
      const v = add(mul(states['v']!, beta2), mul(square(gradient), 1 - beta2))
      // the corrections of both moments as one scalar, at the end of section 2 of the paper: fewer passes over vectors
      const correction = sqrt(feeds[correction2]!)
      const move = div(mul(m, mul(rate, div(correction, feeds[correction1]!))), add(sqrt(v), mul(correction, epsilon)))
      return { params: sub(params, move), states: { m, v } }
    },
  }
}
