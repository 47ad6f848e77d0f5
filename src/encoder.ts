import type { Clip } from './clip.ts'
import type { Tensor } from './tensor.ts'

/** Turns clips into one embedding per frame: a trained model, or a baseline that sees no joint at all. What eval measures. */
export type Encoder = {
  readonly name: string
  /** One [T, d] per clip, T = clip.frames. It sees arrays, and pictures where it asks for them: nothing else of a clip's identity or labels may reach the numbers. */
  embed(clips: readonly Clip[]): Promise<Tensor[]>
  /** Of one that looks up what others made: why some of what it answered since last asked only stands in for what it does not have; null = nothing does. */
  lacking?(): string | null
}
