import type { Encoder } from '../../encoder.ts'
import { random } from './random.ts'

/**
 * `baseline/constant`: the answer is always the middle frame. Every other frame is a random direction of length 1 in 64 dimensions and the middle frame is
 * 0, so that it is nearest (distance 1) to whatever is asked, while random directions lie about 1.4 apart.
 */
export function constant({ seed }: { seed: number }): Encoder {
  const directions = random({ seed, dims: 64 })
  return {
    name: 'baseline/constant',
    embed: async (clips) => (await directions.embed(clips)).map(({ shape, data }) => {
      const [frames, dims] = [shape[0]!, shape[1]!]
      const hub = Math.floor((frames - 1) / 2)
      for (let t = 0; t < frames; t++) {
        const row = data.subarray(t * dims, (t + 1) * dims)
        const length = t === hub ? Infinity : Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
        for (let k = 0; k < dims; k++) row[k]! /= length
      }
      return { shape, data }
    }),
  }
}
