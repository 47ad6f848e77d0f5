import type { Clip } from '../clip.ts'
import type { Encoder } from '../encoder.ts'
import { ToolkitError } from '../errors.ts'
import { sha256 } from '../hash.ts'
import { type Random, randomAt } from '../random.ts'
import { squareOf } from '../transforms/crop.ts'
import { withoutPoints } from '../transforms/drop-joints.ts'
import { jittered } from '../transforms/jitter.ts'

/** `missing`: each joint of each frame is absent with this chance. `noise`: every coordinate moves by N(0, (level x side of the clip's box)^2). */
export type Corruption = { readonly kind: 'missing' | 'noise'; readonly level: number }

/** `missing=0.2` or `noise=0.05`. Throws E_CORRUPTION. */
export function parseCorruption(text: string): Corruption {
  const found = /^(missing|noise)=(\d*\.?\d+)$/.exec(text)
  const level = Number(found?.[2])
  if (found === null || level > 1) throw new ToolkitError('E_CORRUPTION', `--corrupt ${text} is not missing=SHARE or noise=SHARE`,
    { hint: 'for example missing=0.2 or noise=0.05; a share is 0 to 1' })
  return { kind: found[1] as Corruption['kind'], level }
}

/** The same encoder, shown corrupted joints; labels and cuts stay those of the clean clips. Keyed by the joints themselves. */
export function corrupted(encoder: Encoder, corruption: Corruption, { seed }: { seed: number }): Encoder {
  return { name: encoder.name, embed: async (clips) => encoder.embed(clips.map((clip) => corrupt(clip, corruption, seed))) }
}

function corrupt(clip: Clip, { kind, level }: Corruption, seed: number): Clip {
  const { keypoints } = clip
  if (keypoints === null) return clip
  const key = sha256(new Uint8Array(keypoints.buffer, keypoints.byteOffset, keypoints.byteLength))
  const random = randomAt({ seed, clip: key, transform: `corrupt-${kind}` })
  return kind === 'noise' ? jittered(clip, level * squareOf(clip, 0).side, random) : withoutPoints(clip, missing(clip, level, random))
}

function missing(clip: Clip, level: number, random: Random) {
  const points = clip.persons * clip.joints
  return Array.from({ length: clip.frames * points }, (_, at) => at).filter(() => random.chance(level))
    .map((at) => ({ point: at % points, start: Math.floor(at / points), end: Math.floor(at / points) + 1 }))
}
