import { ToolkitError } from '../../errors.ts'
import type { Graph, Node } from '../graph.ts'
import { add } from '../ops/add.ts'
import { equal, greaterOrEqual } from '../ops/compare.ts'
import { input } from '../ops/input.ts'
import { minimum } from '../ops/minimum.ts'
import { mul } from '../ops/mul.ts'
import { sub } from '../ops/sub.ts'
import { sum } from '../ops/sum.ts'
import { where } from '../ops/where.ts'

/** How a loss is scaled, so that small derivatives do not vanish in float16. Defaults are those of torch.amp.GradScaler. */
export type LossScaleOptions = {
  /** The scale before the first step: 65,536. */
  readonly start?: number
  /** The scale grows by this after `every` steps in a row without overflow: 2, 2,000. */
  readonly growth?: number
  readonly every?: number
  /** The scale shrinks by this when a derivative overflows: 0.5. */
  readonly backoff?: number
}

const LARGEST = 2 ** 127

/** The states of a loss scale: the scale, steps since it last changed, and steps that were skipped, scalars. */
export type LossScale = { readonly scale: Node; readonly good: Node; readonly skipped: Node; readonly options: Required<LossScaleOptions> }

/** Throws E_OPTIMISER for numbers that do not fit. */
export function lossScale({ start = 65_536, growth = 2, every = 2000, backoff = 0.5 }: LossScaleOptions): LossScale {
  const [shrinks, grows] = [backoff > 0 && backoff < 1, growth > 1 && growth < Infinity]
  if (!shrinks || !grows || !(start > 0 && start <= LARGEST) || !(Number.isInteger(every) && every >= 1)) {
    throw new ToolkitError('E_OPTIMISER', `a loss scale with start ${start}, growth ${growth} every ${every} steps and backoff ${backoff}`, {
      hint: 'start must be above 0, growth above 1, every a whole number of 1 or more, backoff between 0 and 1' })
  }
  return { scale: input('scale.value', []), good: input('scale.good', []), skipped: input('scale.skipped', []), options: { start, growth, every, backoff } }
}

/** 1 when every number of the gradients is finite, else 0. */
export function allFinite(gradients: readonly Node[]): Node {
  // a finite number times 0 is 0, any other is NaN
  return equal(gradients.map((gradient) => sum(mul(gradient, 0), [0])).reduce((all, one) => add(all, one)), 0)
}

/** The states that stay as they are where the step is skipped. */
export function unlessSkipped(state: Graph['state'], finite: Node): Graph['state'] {
  return state.map(({ input: before, next }) => ({ input: before, next: where(finite, next, before) }))
}

/** The next states of the scale itself. */
export function scaleAfter({ scale, good, skipped, options: { growth, every, backoff } }: LossScale, finite: Node): Graph['state'] {
  const run = mul(add(good, 1), finite)
  const isDue = greaterOrEqual(run, every)
  return [
    { input: scale, next: where(finite, where(isDue, minimum(mul(scale, growth), LARGEST), scale), mul(scale, backoff)) },
    { input: good, next: where(isDue, 0, run) },
    { input: skipped, next: add(skipped, sub(1, finite)) },
  ]
}
