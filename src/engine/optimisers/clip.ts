import type { Node } from '../graph.ts'
import { add } from '../ops/add.ts'
import { div } from '../ops/div.ts'
import { maximum } from '../ops/maximum.ts'
import { minimum } from '../ops/minimum.ts'
import { mul } from '../ops/mul.ts'
import { sqrt } from '../ops/sqrt.ts'
import { square } from '../ops/square.ts'
import { sum } from '../ops/sum.ts'

/** The norm of all gradients [n] together. */
export function globalNorm(gradients: readonly Node[]): Node {
  return sqrt(gradients.map((gradient) => sum(square(gradient), [0])).reduce((all, one) => add(all, one)))
}

/** Gradients scaled down to a norm of at most `limit`, as torch.nn.utils.clip_grad_norm_; `norm` is the one they have. */
export function clipByNorm(gradients: readonly Node[], { norm, limit }: { norm: Node; limit: number }): Node[] {
  const scale = minimum(div(limit, add(norm, 1e-6)), 1)
  return gradients.map((gradient) => mul(gradient, scale))
}

/** Each number of the gradients cut to -limit .. limit, as torch.nn.utils.clip_grad_value_. */
export function clipByValue(gradients: readonly Node[], limit: number): Node[] {
  return gradients.map((gradient) => maximum(minimum(gradient, limit), -limit))
}
