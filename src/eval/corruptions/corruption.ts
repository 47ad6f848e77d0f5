import type { Clip } from '../../clip.ts'
import type { Random } from '../../random.ts'
import type { Skeleton } from '../../skeleton.ts'

/** What is done to a clip before an encoder sees it, by how much. `level` is 0 (the clip itself) to 1. */
export type Corruption = { readonly kind: string; readonly level: number }

/** What an encoder is shown of a clip. `moments`: where in the clip, in its frames, each shown frame lies, never falling; null = at its own place. */
export type Shown = { readonly clip: Clip; readonly moments: Float64Array | null }

/** A kind of corruption: pure, its chance is `random`, keyed by the joints and the seed. */
export type CorruptionKind = {
  readonly name: string
  /** One line: what happens. */
  readonly summary: string
  /** What the level counts. */
  readonly unit: string
  /** What robustness curves are drawn at; the first is 0. */
  readonly levels: readonly number[]
  readonly corrupt: (clip: Clip, options: { readonly level: number; readonly random: Random; readonly skeleton: Skeleton }) => Shown
}
