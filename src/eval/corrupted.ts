import type { Clip } from '../clip.ts'
import type { Encoder } from '../encoder.ts'
import { sha256 } from '../hash.ts'
import { randomAt } from '../random.ts'
import type { Skeleton } from '../skeleton.ts'
import { atFrames } from './at-frames.ts'
import { type Corruption, corruptionKind, type Shown } from './corruptions/index.ts'

/**
 * The same encoder, shown corrupted clips; labels, cuts and time stay those of the clean ones. Keyed by the joints themselves, so that neither order nor company
 * changes anything. Where frames were dropped or displaced, a frame's embedding is drawn linearly between those of the shown frames around its moment (held at the
 * ends). Level 0 is the encoder itself. Throws E_CORRUPTION.
 */
export function corrupted(encoder: Encoder, corruption: Corruption, { seed, skeletons }: { seed: number; skeletons: readonly Skeleton[] }): Encoder {
  if (corruption.level === 0) return encoder
  return {
    ...encoder,
    embed: async (clips) => {
      const shown = clips.map((clip) => show(clip, corruption, { seed, skeletons }))
      const embeddings = await encoder.embed(shown.map(({ clip }) => clip))
      return embeddings.map((embedding, index) => {
        const { moments } = shown[index]!
        return moments === null ? embedding : atFrames(clips[index]!.frames, moments, embedding)
      })
    },
  }
}

function show(clip: Clip, { kind, level }: Corruption, { seed, skeletons }: { seed: number; skeletons: readonly Skeleton[] }): Shown {
  const { keypoints } = clip
  if (keypoints === null) return { clip, moments: null }
  const skeleton = skeletons.find(({ name }) => name === clip.skeleton)
  if (skeleton === undefined) throw new Error(`no skeleton ${clip.skeleton} to corrupt ${clip.id} by`)
  const key = sha256(new Uint8Array(keypoints.buffer, keypoints.byteOffset, keypoints.byteLength))
  return corruptionKind(kind).corrupt(clip, { level, skeleton, random: randomAt({ seed, clip: key, transform: `corrupt-${kind}` }) })
}
