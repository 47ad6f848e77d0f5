import type { Tensor } from '../tensor.ts'

/**
 * The embedding [frames, d] of every frame of a clip from one [n, d] of some moments of it, which never fall: linear between the moments around a frame, held
 * before the first and after the last (numpy.interp).
 */
export function atFrames(frames: number, moments: ArrayLike<number>, { shape, data }: Tensor): Tensor {
  const dims = shape[1]!
  const out = new Float32Array(frames * dims)
  for (let frame = 0, row = 0; frame < frames; frame++) {
    while (row + 1 < moments.length && moments[row + 1]! <= frame) row++
    const [from, to] = [moments[row]!, moments[row + 1]]
    const share = to === undefined || frame <= from ? 0 : (frame - from) / (to - from)
    for (let k = 0; k < dims; k++) {
      const here = data[row * dims + k]!
      out[frame * dims + k] = share === 0 ? here : here + share * (data[(row + 1) * dims + k]! - here)
    }
  }
  return { shape: [frames, dims], data: out }
}
