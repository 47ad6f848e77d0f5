/** Every number of rows [frames, size] weighted with those of the frames around; beyond the ends the movement goes on turned about its end. */
export function filterFrames(rows: Float64Array, frames: number, kernel: readonly number[]): Float32Array {
  const [size, reach, weights] = [rows.length / frames, kernel.length >> 1, kernel.reduce((sum, weight) => sum + weight, 0)]
  const at = (frame: number, i: number): number => {
    const inside = Math.min(frames - 1, Math.max(0, frame))
    const turned = Math.min(frames - 1, Math.max(0, 2 * inside - frame))
    return inside === frame ? rows[frame * size + i]! : 2 * rows[inside * size + i]! - rows[turned * size + i]!
  }
  return Float32Array.from(rows, (_, index) => {
    const [frame, i] = [Math.floor(index / size), index % size]
    let sum = 0
    for (let shift = -reach; shift <= reach; shift++) sum += kernel[shift + reach]! * at(frame + shift, i)
    return sum / weights
  })
}

/** How much of the variance of noise passes a kernel. */
export function gainOf(kernel: readonly number[]): number {
  return kernel.reduce((sum, weight) => sum + weight ** 2, 0) / kernel.reduce((sum, weight) => sum + weight, 0) ** 2
}
