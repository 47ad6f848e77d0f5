import type { Clip } from '../../clip.ts'
import type { Encoder } from '../../encoder.ts'
import { sha256 } from '../../hash.ts'
import { randomAt } from '../../random.ts'
import { toTensor } from './coordinates.ts'

/** `baseline/random`: `dims` normal numbers per frame, keyed by the joints it is given: chance. */
export function random({ seed, dims = 16 }: { seed: number; dims?: number }): Encoder {
  return {
    name: 'baseline/random',
    embed: async (clips) => clips.map((clip) => {
      const draws = randomAt({ seed, clip: fingerprint(clip), transform: 'baseline/random' })
      return toTensor(clip, Array.from({ length: dims }, () => Float64Array.from({ length: clip.frames }, () => draws.normal())))
    }),
  }
}

function fingerprint({ keypoints, frames }: Clip): string {
  return keypoints === null ? `${frames}` : sha256(new Uint8Array(keypoints.buffer, keypoints.byteOffset, keypoints.byteLength))
}
