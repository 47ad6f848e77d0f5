import type { ThreadFailure } from '../../thread-failure.ts'
import type { WasmMemory } from '../../wasm.ts'
import type { StoredPlace } from '../frames/index.ts'
import type { RecipeSpec } from '../recipe/recipe-spec.ts'
import type { SampleRef } from '../sample.ts'
import type { SharedSource } from './shared-source.ts'

/** What a thread that makes batches is given when it starts. */
export type BatchThread = {
  readonly source: SharedSource
  readonly recipe: RecipeSpec
  readonly pictures: StoredPlace | null
  readonly memory: WasmMemory
  /** Bytes that each piece of the memory begins with. */
  readonly scratch: number
  /** Int32: how many threads have started. */
  readonly started: SharedArrayBuffer
}

/** One batch: its samples, and where in the memory its piece begins. */
export type BatchTask = { readonly samples: readonly SampleRef[]; readonly start: number }

/** What became of one: null = it lies in its piece; `place` = the sample that could not be made, and the row of the clip, null = it was none in particular. */
export type BatchOutcome = null | { readonly failure: ThreadFailure; readonly place: { readonly at: number; readonly row: number } | null }
