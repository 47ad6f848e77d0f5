/** Fourth differences of a movement are nearly none, those of jitter have 1 + 16 + 36 + 16 + 1 times its variance. */
const FOURTH = [1, -4, 6, -4, 1] as const
const GAIN = 70

/**
 * How much annotated joints jitter from frame to frame: the variance of all coordinates of a frame [frames, size] together, relative to the square of the pose's
 * length there; the median over frames, which a few jumps do not move. 0 for fewer than five frames.
 */
export function jitterOf(positions: Float64Array, lengths: Float64Array): number {
  const [frames, size] = [lengths.length, positions.length / lengths.length]
  const found: number[] = []
  for (let middle = 2; middle < frames - 2; middle++) {
    let squares = 0
    for (let i = middle * size; i < (middle + 1) * size; i++) {
      let difference = 0
      for (let shift = 0; shift < 5; shift++) difference += FOURTH[shift]! * positions[i + (shift - 2) * size]!
      squares += difference * difference
    }
    if (lengths[middle]! > 0) found.push(squares / GAIN / lengths[middle]! ** 2)
  }
  found.sort((a, b) => a - b)
  return found[found.length >> 1] ?? 0
}
