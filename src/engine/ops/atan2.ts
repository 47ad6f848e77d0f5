import type { Node } from '../graph.ts'
import { abs } from './abs.ts'
import { add } from './add.ts'
import { atan } from './atan.ts'
import { equal, greater, less } from './compare.ts'
import { div } from './div.ts'
import { maximum } from './maximum.ts'
import { minimum } from './minimum.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { square } from './square.ts'
import { sub } from './sub.ts'
import { unbroadcast } from './sum.ts'
import { where } from './where.ts'
import { withGradient } from './with-gradient.ts'

/** The angle in [-pi, pi] of the point (x, y); at (0, 0) it and its derivatives are 0. The sign of a zero is not looked at: atan2(-0, -1) is pi. */
export function atan2(y: Node, x: Node): Node {
  const [height, width] = [abs(y), abs(x)]
  const longest = maximum(height, width)
  const long = where(equal(longest, 0), 1, longest)
  // of the shorter over the longer side, so that nothing overflows; then unfolded over the eighths of the circle
  const slope = div(minimum(height, width), long)
  const angle = atan(slope)
  const upright = where(greater(height, width), sub(Math.PI / 2, angle), angle)
  const upper = where(less(x, 0), sub(Math.PI, upright), upright)
  return withGradient('atan2', where(less(y, 0), neg(upper), upper), [y, x], (upstream) => {
    const scale = div(upstream, mul(long, add(square(slope), 1)))
    return [unbroadcast(mul(div(x, long), scale), y.shape), unbroadcast(neg(mul(div(y, long), scale)), x.shape)]
  })
}
