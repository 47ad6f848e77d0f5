import { node, whole } from '../arguments.ts'
import { checked } from '../checked.ts'
import type { Node } from '../graph.ts'
import { axisOf } from './axis.ts'
import { concat } from './concat.ts'
import { slice } from './slice.ts'

/** The places of an axis moved on by `shift`; what leaves at the end comes in at the start, as torch.roll. */
export const roll = checked('roll', { x: node, shift: whole, axis: whole }, (x: Node, shift: number, axis: number): Node => {
  const at = axisOf('roll', x, axis)
  const extent = x.shape[at]!
  const moved = extent === 0 ? 0 : ((shift % extent) + extent) % extent
  return moved === 0 ? x : concat([slice(x, at, extent - moved), slice(x, at, 0, extent - moved)], at)
})
