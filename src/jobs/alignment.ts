import type { Method } from '../eval/alignment/align-frames.ts'

/** The frames of one clip on those of another. */
export type Alignment = {
  /** The run, or the floor. */
  readonly encoder: string
  readonly method: Method
  readonly temperature: number
  /** The version that both were read from. */
  readonly commit: string
  readonly clip: AlignedClip
  readonly reference: AlignedClip
  /** One row per frame of the clip. */
  readonly map: readonly MapRow[]
}

export type AlignedClip = { readonly id: string; readonly action: string | null; readonly frames: number }

/** `counterpart` is the frame of the reference at `moment`; `cost` and `confidence` as `alignFrames` has them. */
export type MapRow = { readonly frame: number; readonly counterpart: number; readonly moment: number; readonly cost: number; readonly confidence: number }
