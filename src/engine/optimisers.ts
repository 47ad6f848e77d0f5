import type { Node } from './graph.ts'
import { add } from './ops/add.ts'
import { div } from './ops/div.ts'
import { mul } from './ops/mul.ts'
import { minimum } from './ops/minimum.ts'
import { sqrt } from './ops/sqrt.ts'
import { square } from './ops/square.ts'
import { sub } from './ops/sub.ts'
import { sum } from './ops/sum.ts'

export type AdamWOptions = {
  /** Decay rates of the two moments. */
  readonly beta1?: number
  readonly beta2?: number
  readonly epsilon?: number
  /** Decoupled weight decay, times the learning rate. */
  readonly weightDecay?: number
}

/** Parameters and moments after one update, all [N]. */
export type Updated = { readonly params: Node; readonly m: Node; readonly v: Node }

/**
 * One update of AdamW (Loshchilov & Hutter, ICLR 2019): the parameters shrink by rate x decay, then move by the bias-corrected moments.
 * `rate`, `correction1` = 1 - beta1^t and `correction2` = 1 - beta2^t are scalars fed at each step; `decays` [N] is 1 where decay applies.
 */
export function adamW(
  { params, m, v, gradient }: { params: Node; m: Node; v: Node; gradient: Node },
  { rate, correction1, correction2, decays }: { rate: Node; correction1: Node; correction2: Node; decays: Node },
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 1e-2 }: AdamWOptions = {},
): Updated {
  const nextM = add(mul(m, beta1), mul(gradient, 1 - beta1))
  const nextV = add(mul(v, beta2), mul(square(gradient), 1 - beta2))
  const step = div(div(nextM, correction1), add(sqrt(div(nextV, correction2)), epsilon))
  const decayed = weightDecay === 0 ? params : sub(params, mul(mul(params, decays), mul(rate, weightDecay)))
  return { params: sub(decayed, mul(rate, step)), m: nextM, v: nextV }
}

/** The gradient scaled down to a norm of at most `limit`, and the norm it had (as torch.nn.utils.clip_grad_norm_). */
export function clipByGlobalNorm(gradient: Node, limit: number): { readonly gradient: Node; readonly norm: Node } {
  const norm = sqrt(sum(square(gradient), [0]))
  return { gradient: mul(gradient, minimum(div(limit, add(norm, 1e-6)), 1)), norm }
}
