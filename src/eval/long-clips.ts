import type { Clip } from '../clip.ts'
import type { Tensor } from '../tensor.ts'
import { evenFrames, selectFrames, window } from '../transforms/index.ts'
import { atFrames } from './at-frames.ts'

/**
 * How a clip longer than any view of the training is embedded. `own-length`: as it is, its later positions never seen before. `rescaled`: as it is, its
 * positions squeezed into the trained range. `thinned`: as in training, thinned evenly to the longest length, the embeddings of the frames between drawn
 * linearly. `windows`: in windows of the longest length, numbered anew, that overlap by half. Where one is cut from the clip, its outer eighth is left out: every frame is embedded with at least an eighth
 * of a window, or all there is, on both sides, and an encoder that sees no further embeds the clip as in one piece. Between, windows fade into one another, so that nothing jumps at a seam.
 */
export type LongClips = 'own-length' | 'rescaled' | 'thinned' | 'windows'

/** What is embedded in one go: frames `at` of the clip, in order. */
export type Part = { readonly clip: Clip; readonly at: readonly number[]; readonly blend: 'between' | 'average' }

/** The pieces of a clip an encoder embeds. */
export function partsOf(clip: Clip, { frames, longClips }: { frames: number; longClips: LongClips }): Part[] {
  const all = Array.from({ length: clip.frames }, (_, frame) => frame)
  if (clip.frames <= frames || longClips === 'own-length' || longClips === 'rescaled') return [{ clip, at: all, blend: 'between' }]
  if (longClips === 'thinned') {
    const at = evenFrames(clip.frames, frames)
    return [{ clip: selectFrames(clip, at), at, blend: 'between' }]
  }
  const count = Math.ceil((clip.frames - frames) / Math.floor(frames / 2)) + 1
  return evenFrames(clip.frames - frames + 1, count).map((start) => (
    { clip: window(clip, start, start + frames), at: all.slice(start, start + frames), blend: 'average' }))
}

/** The embedding [T, e] of a clip of T frames from those of its pieces. */
export function joined(frames: number, parts: readonly (Part & { readonly embedding: Tensor })[]): Tensor {
  const [first] = parts
  if (first === undefined) throw new Error('a clip without pieces')
  if (parts.length === 1 && first.at.length === frames) return first.embedding
  return first.blend === 'between' ? atFrames(frames, first.at, first.embedding) : averaged(frames, parts)
}

/** What a window of `at` counts for its frame `row`: how far the frame lies from where the window is cut, less an eighth of the window; the ends of the clip are no cuts. */
function weightOf(row: number, at: readonly number[], frames: number): number {
  const before = at[0] === 0 ? Infinity : row + 1
  const after = at.at(-1) === frames - 1 ? Infinity : at.length - row
  return Math.max(0, Math.min(before, after) - Math.floor(at.length / 8))
}

function averaged(frames: number, parts: readonly { readonly at: readonly number[]; readonly embedding: Tensor }[]): Tensor {
  const dims = parts[0]!.embedding.shape[1]!
  const [sums, weights] = [new Float64Array(frames * dims), new Float64Array(frames)]
  for (const { at, embedding: { data } } of parts) {
    for (const [row, frame] of at.entries()) {
      const weight = weightOf(row, at, frames)
      weights[frame]! += weight
      for (let k = 0; k < dims; k++) sums[frame * dims + k]! += weight * data[row * dims + k]!
    }
  }
  return { shape: [frames, dims], data: Float32Array.from(sums, (sum, i) => sum / weights[Math.floor(i / dims)]!) }
}
