import { ToolkitError } from '../errors.ts'
import type { Clip } from '../clip.ts'
import type { Encoder } from '../encoder.ts'
import type { Tensor } from '../tensor.ts'
import { everyClip } from './draws.ts'
import type { Others } from './protocols/protocol.ts'
import type { PairSums, Sums } from './sums.ts'
import { underDraws } from './under-draws.ts'

/** A clip and what an encoder made of it, [T, d]. */
export type Embedded = { readonly clip: Clip; readonly embedding: Tensor }

/** An embedded clip with its phase index per frame [T]. */
export type Labelled = Embedded & { readonly phases: ArrayLike<number> }

/** What a metric found, kept so that clips can be drawn again; plain data. */
export type Measured = {
  readonly clips: readonly string[]
  /** The recording of each clip: what is drawn again together. */
  readonly groups: readonly string[]
  /** What the value is computed of. */
  readonly sums: Sums
  /** How many pairs, frames or events went in; `unit` says which. */
  readonly n: number
  readonly unit: 'pairs' | 'frames' | 'clips' | 'events'
  /** Why it cannot be computed; null = it can. */
  readonly reason: string | null
}

/** The measure itself: every clip once; null = cannot be computed. */
export function valueOf({ sums, clips }: Measured): number | null {
  const value = underDraws(sums, everyClip(clips.length))[0]!
  return Number.isNaN(value) ? null : value
}

/** A measure that could not be computed on these clips, with the reason. */
export function unmeasured(clips: readonly Clip[], unit: Measured['unit'], reason: string): Measured {
  return { clips: clips.map((clip) => clip.id), groups: clips.map((clip) => clip.group), sums: { kind: 'none' }, n: 0, unit, reason }
}

/** A ratio of sums over ordered pairs of clips, each pair weighing the product of its clips' weights, or what the ratio lacks of 1. */
export function ratioOfPairs(clips: readonly Clip[], { numerator, denominator }: PairSums, kind: 'ratio' | 'complement' = 'ratio'): Measured {
  const n = denominator.reduce((count, value) => count + (value > 0 ? 1 : 0), 0)
  return {
    ...unmeasured(clips, 'pairs', ''), sums: { kind: 'pairs', numerator, denominator, isComplement: kind === 'complement' }, n,
    reason: n === 0 ? 'no pair of clips can be compared' : null,
  }
}

/** A ratio of sums over clips, of `n` frames in all. */
export function ratioOfClips(clips: readonly Clip[], amounts: Iterable<number>, weights: Iterable<number>, n: number): Measured {
  return { ...unmeasured(clips, 'frames', ''), sums: { kind: 'clips', amounts: Float64Array.from(amounts), weights: Float64Array.from(weights) }, n, reason: null }
}

/** Whether two clips may form a pair: of one action, from different recordings (or merely different clips). */
export function arePaired(a: Clip, b: Clip, others: Others = 'other recordings'): boolean {
  return areApart(a, b, others) && a.labels.action === b.labels.action
}

/** Whether two clips are different recordings, or merely different clips. */
export function areApart(a: Clip, b: Clip, others: Others): boolean {
  return others === 'other recordings' ? a.group !== b.group : a.id !== b.id
}

/** Embeds clips and checks what came back: [T, d] each, one d, finite. Throws E_EMBEDDING. */
export async function embed(encoder: Encoder, clips: readonly Clip[]): Promise<Tensor[]> {
  const embeddings = await encoder.embed(clips)
  if (embeddings.length !== clips.length) throw new ToolkitError('E_EMBEDDING',
    `${encoder.name} made ${embeddings.length} embeddings of ${clips.length} clips`, { exit: 4 })
  const dims = embeddings[0]?.shape[1]
  for (const [index, { shape, data }] of embeddings.entries()) {
    const clip = clips[index]!
    if (shape.length !== 2 || shape[0] !== clip.frames || shape[1] !== dims) {
      throw new ToolkitError('E_EMBEDDING', `${encoder.name} made [${shape.join(', ')}] of ${clip.id}, expected [${clip.frames}, ${dims}]`, { exit: 4 })
    }
    if (!data.every(Number.isFinite)) throw new ToolkitError('E_EMBEDDING', `${encoder.name} made a number that is not finite of ${clip.id}`, { exit: 4 })
  }
  return embeddings
}

/** Embeds clips, each beside its embedding. */
export async function embedClips(encoder: Encoder, clips: readonly Clip[]): Promise<Embedded[]> {
  const embeddings = await embed(encoder, clips)
  return clips.map((clip, index) => ({ clip, embedding: embeddings[index]! }))
}

/** Frames [start, end) of an embedding, every `stride`-th, as a tensor over a copy (stride > 1) or the same memory. */
export function frameRange({ shape, data }: Tensor, start: number, end: number, stride = 1): Tensor {
  const dims = shape[1]!
  if (stride === 1) return { shape: [end - start, dims], data: data.subarray(start * dims, end * dims) }
  const frames = Math.ceil((end - start) / stride)
  const picked = new Float32Array(frames * dims)
  for (let frame = 0; frame < frames; frame++) picked.set(data.subarray((start + frame * stride) * dims, (start + frame * stride + 1) * dims), frame * dims)
  return { shape: [frames, dims], data: picked }
}

/** The given frames of an embedding, in that order. */
export function pickFrames({ shape, data }: Tensor, frames: Int32Array): Tensor {
  const dims = shape[1]!
  const picked = new Float32Array(frames.length * dims)
  for (const [row, frame] of frames.entries()) picked.set(data.subarray(frame * dims, (frame + 1) * dims), row * dims)
  return { shape: [frames.length, dims], data: picked }
}

/** The frames of all embeddings one after the other, [sum of T, d]. */
export function stackFrames(parts: readonly Tensor[]): Tensor {
  const dims = parts[0]?.shape[1] ?? 0
  const frames = parts.reduce((sum, { shape }) => sum + shape[0]!, 0)
  const data = new Float32Array(frames * dims)
  let start = 0
  for (const part of parts) {
    data.set(part.data, start)
    start += part.data.length
  }
  return { shape: [frames, dims], data }
}
