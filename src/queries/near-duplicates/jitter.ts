/** Fourth differences of a movement are nearly none, those of jitter have 1 + 16 + 36 + 16 + 1 times its variance. */
const FOURTH = [1, -4, 6, -4, 1] as const
const GAIN = 70
/** The mean over the median of a sum of 2 or 3 squares of normal numbers. */
const OVER_MEDIAN = { 2: 1.443, 3: 1.268 } as const

/**
 * How much each joint jitters from frame to frame: the variance of its coordinates together, by the median over frames, which a few jumps do not move.
 * `positions` are [frames, joints, dims]; 0 for fewer than five frames.
 */
export function jitterOfJoints(positions: Float64Array, { frames, joints, dims }: { frames: number; joints: number; dims: 2 | 3 }): Float64Array {
  const size = joints * dims
  return Float64Array.from({ length: joints }, (_, joint) => {
    const squares = Float64Array.from({ length: Math.max(0, frames - 4) }, (_, first) => {
      let sum = 0
      for (let axis = 0; axis < dims; axis++) {
        let difference = 0
        for (let shift = 0; shift < 5; shift++) difference += FOURTH[shift]! * positions[(first + shift) * size + joint * dims + axis]!
        sum += difference * difference
      }
      return sum
    }).sort()
    return ((squares[squares.length >> 1] ?? 0) * OVER_MEDIAN[dims]) / GAIN
  })
}
