import { checked } from '../checked.ts'
import type { Node } from '../graph.ts'
import { notEqual } from './compare.ts'
import { max } from './max.ts'
import { min } from './min.ts'
import { reductionKinds, type ReductionOptions } from './reduction.ts'

/** 1 where any element over `axes` is true, else 0; whatever is not 0 is true. No derivative flows. */
export const any = checked('any', reductionKinds, (x: Node, axes: readonly number[], options?: ReductionOptions): Node => {
  return max(notEqual(x, 0), axes, options)
})

/** 1 where all elements over `axes` are true, else 0; whatever is not 0 is true. No derivative flows. */
export const all = checked('all', reductionKinds, (x: Node, axes: readonly number[], options?: ReductionOptions): Node => {
  return min(notEqual(x, 0), axes, options)
})
