import { type Node, shapeError } from '../graph.ts'
import { axisOf } from './axis.ts'
import { concat } from './concat.ts'
import { slice } from './slice.ts'

/** The places of an axis moved on by `shift`; what leaves at the end comes in at the start, as torch.roll. */
export function roll(x: Node, shift: number, axis: number): Node {
  const at = axisOf('roll', x, axis)
  if (!Number.isInteger(shift)) throw shapeError('roll', `${shift} is no number of places`, x)
  const extent = x.shape[at]!
  const moved = extent === 0 ? 0 : ((shift % extent) + extent) % extent
  return moved === 0 ? x : concat([slice(x, at, extent - moved), slice(x, at, 0, extent - moved)], at)
}
