import { ToolkitError } from '../../errors.ts'
import { add } from '../ops/add.ts'
import { mul } from '../ops/mul.ts'
import { sub } from '../ops/sub.ts'
import type { Rule } from './rule.ts'
import { decayGradient } from './weight-decay.ts'

export type SgdOptions = {
  /** Share of the last move that is kept: 0. */
  readonly momentum?: number
  /** Share of the gradient that stays out of the momentum, from the second step on: 0. */
  readonly dampening?: number
  /** Looks ahead along the momentum (Sutskever et al., ICML 2013); asks for momentum and no dampening. */
  readonly nesterov?: boolean
  /** decay x parameter joins the gradient: 0. */
  readonly weightDecay?: number
}

/** Stochastic gradient descent as torch.optim.SGD. State `momentum` where there is one; with dampening `intake` is fed: 1 at the first step, then 1 - dampening. */
export function sgd({ momentum = 0, dampening = 0, nesterov = false, weightDecay = 0 }: SgdOptions): Rule {
  if (nesterov && (momentum === 0 || dampening !== 0)) {
    throw new ToolkitError('E_OPTIMISER', `nesterov with momentum ${momentum} and dampening ${dampening}`, { hint: 'Nesterov momentum needs a momentum above 0 and a dampening of 0' })
  }
  const intake = `intake:${dampening}`
  const damped = momentum !== 0 && dampening !== 0
  return {
    states: momentum === 0 ? [] : ['momentum'],
    feeds: damped ? { [intake]: (step) => (step === 1 ? 1 : 1 - dampening) } : {},
    update: (step) => {
      const { params, states, rate, feeds } = step
      const gradient = decayGradient(step, weightDecay)
      if (momentum === 0) return { params: sub(params, mul(rate, gradient)), states: {} }
      const kept = add(mul(states['momentum']!, momentum), damped ? mul(gradient, feeds[intake]!) : gradient)
      const move = nesterov ? add(gradient, mul(kept, momentum)) : kept
      return { params: sub(params, mul(rate, move)), states: { momentum: kept } }
    },
  }
}
