import type { Clip } from '../../src/clip.ts'

/** The clip with the first person of each frame alone: where a data set has others who walk by, whom its labels are about comes first. */
export function firstPerson(clip: Clip): Clip {
  const { persons, joints, dims } = clip
  if (persons <= 1) return clip
  const first = <A extends Float32Array | Uint8Array>(array: A | null, width: number): A | null => (array === null ? null
    : array.filter((_, at) => Math.floor(at / (joints * width)) % persons === 0) as A)
  return { ...clip, persons: 1, keypoints: first(clip.keypoints, dims + 1), states: first(clip.states, 1), raw: first(clip.raw, dims) }
}
