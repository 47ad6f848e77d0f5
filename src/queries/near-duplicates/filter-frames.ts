/** Every number of rows [frames, size] weighted with those of the frames around; beyond the ends the movement goes on turned about its end. */
export function filterFrames(rows: Float64Array, frames: number, kernel: readonly number[]): Float32Array {
  const [size, reach, weights] = [rows.length / frames, kernel.length >> 1, kernel.reduce((sum, weight) => sum + weight, 0)]
  const filtered = new Float32Array(rows.length)
  for (let frame = 0; frame < frames; frame++) {
    for (let i = 0; i < size; i++) {
      let sum = 0
      for (let shift = -reach; shift <= reach; shift++) sum += kernel[shift + reach]! * turnedAt(rows, frames, frame + shift, i)
      filtered[frame * size + i] = sum / weights
    }
  }
  return filtered
}

/** Number i of a frame; that of a frame before the first or after the last lies as far on the other side of the end. */
function turnedAt(rows: Float64Array, frames: number, frame: number, i: number): number {
  const size = rows.length / frames
  if (frame >= 0 && frame < frames) return rows[frame * size + i]!
  const end = frame < 0 ? 0 : frames - 1
  const turned = Math.min(frames - 1, Math.max(0, 2 * end - frame))
  return 2 * rows[end * size + i]! - rows[turned * size + i]!
}

/** How much of the variance of noise passes a kernel. */
export function gainOf(kernel: readonly number[]): number {
  return kernel.reduce((sum, weight) => sum + weight ** 2, 0) / kernel.reduce((sum, weight) => sum + weight, 0) ** 2
}
