import type { Encoder } from '../encoder.ts'
import type { Tensor } from '../tensor.ts'

/** The same encoder, each frame's embedding divided by its Euclidean length, as CARL evaluates; one of length 0 stays. */
export function unitLength(encoder: Encoder): Encoder {
  return { ...encoder, embed: async (clips) => (await encoder.embed(clips)).map(divided) }
}

function divided({ shape, data }: Tensor): Tensor {
  const dims = shape[1]!
  const out = new Float32Array(data.length)
  for (let start = 0; start < data.length; start += dims) {
    let square = 0
    for (let k = 0; k < dims; k++) square += data[start + k]! ** 2
    const length = Math.max(Math.sqrt(square), 1e-12)
    for (let k = 0; k < dims; k++) out[start + k] = data[start + k]! / length
  }
  return { shape, data: out }
}
