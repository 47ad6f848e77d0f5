import type { Node } from '../graph.ts'
import { notEqual } from './compare.ts'
import { max } from './max.ts'
import { min } from './min.ts'
import type { ReductionOptions } from './reduction.ts'

/** 1 where any element over `axes` is true, else 0; whatever is not 0 is true. No derivative flows. */
export function any(x: Node, axes: readonly number[], options?: ReductionOptions): Node {
  return max(notEqual(x, 0), axes, options)
}

/** 1 where all elements over `axes` are true, else 0; whatever is not 0 is true. No derivative flows. */
export function all(x: Node, axes: readonly number[], options?: ReductionOptions): Node {
  return min(notEqual(x, 0), axes, options)
}
