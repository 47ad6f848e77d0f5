import type { LimbNames } from '../skeleton.ts'

/** A step that says where a clip lies before it is drawn, as the transforms have it. */
export type Placing = { readonly name: 'crop'; readonly padding: number } | { readonly name: 'casa-normalise'; readonly turn: boolean } | { readonly name: 'fill-absent'; readonly confidence: number }

/** Heatmaps in patches; what `HeatmapSpec` has beside the skeleton. */
export type MapSizes = { readonly channels: 'joint' | 'limb' | 'both'; readonly limbs?: LimbNames; readonly size: number; readonly sigma: number; readonly patch: number }

type Colour = readonly [red: number, green: number, blue: number]

/** The recorded frames within a clip's own frame, (v / 255 - mean) / std; what `PictureSpec` has of them. */
export type Pictures = {
  readonly width: number; readonly height: number; readonly layout: 'nchw'; readonly dtype: 'float32'; readonly mean: Colour; readonly std: Colour; readonly region: 'box'; readonly frames: 'every'
}

/**
 * What of a clip reaches a model, as plain data. Everything that feeds one follows from it: what the loader's batches hold, how a clip is drawn to be embedded, and what an export tells its
 * users.
 */
export type ModelInputs = {
  /** The tensors of a batch that it reads, beside `mask` and `start`, as the loader's recipes have them. Several may be asked for at once. */
  readonly tensors: {
    readonly heatmaps?: MapSizes
    readonly points?: { readonly persons: number; readonly dims: 2; readonly grid: number }
    readonly coordinates?: { readonly persons: number; readonly dims: 2 | 3; readonly unit: number | 'frame'; readonly absent: 'interpolated' | 'zero' }
    readonly pictures?: Pictures
  }
  /** What a clip goes through before it is embedded. */
  readonly placing: readonly Placing[]
  /** What each view of a training has to have gone through: in place of a step of that name, or after all others. */
  readonly viewPlacing: readonly Placing[]
  /** Whether embeddings depend on how much padding follows a clip: where they do, one is embedded with as much as its view had in training. */
  readonly padding: 'hidden' | 'attended'
  /** The heatmaps that it sees, drawn for it or by it; null = none. */
  readonly maps: MapSizes | null
  /** Numbers per frame of the largest value that is made of a clip: how many clips are embedded at a time follows from it. */
  readonly numbersPerFrame: number
  /** Each tensor in words, without a full stop. */
  readonly about: Readonly<Record<string, string>>
  /** What whoever feeds an exported model has to know, as JSON. */
  readonly preprocessing: Readonly<Record<string, unknown>>
}
