import type { Encoder } from '../encoder.ts'
import type { Tensor } from '../tensor.ts'

/** The same encoder (itself, where it looks up anyway), which embeds the same joints once: a clip shown whole to several metrics is not embedded again. Forgets with the joints. */
export function remembering(encoder: Encoder): Encoder {
  if (encoder.lacking !== undefined) return encoder
  const known = new WeakMap<Float32Array, Tensor>()
  return {
    name: encoder.name,
    embed: async (clips) => {
      const fresh = clips.filter(({ keypoints }) => keypoints === null || !known.has(keypoints))
      const made = fresh.length === 0 ? [] : await encoder.embed(fresh)
      if (made.length !== fresh.length) return made
      const byClip = new Map(fresh.map((clip, index) => [clip, made[index]!]))
      for (const [clip, embedding] of byClip) if (clip.keypoints !== null) known.set(clip.keypoints, embedding)
      return clips.map((clip) => byClip.get(clip) ?? known.get(clip.keypoints!)!)
    },
  }
}
