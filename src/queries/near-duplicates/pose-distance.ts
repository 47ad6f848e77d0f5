/** Poses [frames, size]. */
export type Poses = { readonly frames: number; readonly size: number; readonly poses: Float32Array }

const WORTH = 4

/**
 * The squared distance of pose i of a from pose j of b, at most `worst`. Frames are moments of a movement that goes on between them: what counts is the least distance
 * of the one from the line between the other and the frame before or after it.
 */
export function cappedDistance(a: Poses, b: Poses, worst: number): (i: number, j: number) => number {
  const { size } = a
  const apart = new Float64Array(size)
  return (i, j) => {
    let squared = 0
    for (let k = 0; k < size; k++) {
      apart[k] = b.poses[j * size + k]! - a.poses[i * size + k]!
      squared += apart[k]! ** 2
      // no line comes near when the poses themselves are far apart
      if (squared > WORTH * worst) return worst
    }
    const nearest = Math.min(onLine(a, i, i - 1, squared, apart, 1), onLine(a, i, i + 1, squared, apart, 1), onLine(b, j, j - 1, squared, apart, -1), onLine(b, j, j + 1, squared, apart, -1))
    return Math.min(worst, nearest)
  }
}

/** The squared distance of the end of `apart`, taken from pose `from`, to the line between `from` and `to`. */
function onLine({ frames, size, poses }: Poses, from: number, to: number, squared: number, apart: Float64Array, sign: 1 | -1): number {
  if (to < 0 || to >= frames) return squared
  let [length, along] = [0, 0]
  for (let k = 0; k < size; k++) {
    const step = poses[to * size + k]! - poses[from * size + k]!
    length += step * step
    along += sign * step * apart[k]!
  }
  if (along <= 0) return squared
  const share = Math.min(1, along / length)
  return squared - 2 * share * along + share * share * length
}
