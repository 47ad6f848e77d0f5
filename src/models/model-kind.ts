import type { Skeleton } from '../skeleton.ts'
import type { Model } from './model.ts'
import type { ModelInputs } from './model-inputs.ts'

/** What a model is made for: the joints of the clips, and T of the longest view of its training. */
export type ModelContext = { readonly skeleton: Skeleton; readonly frames: number }

/** An entry of the registry: what `posetta train` needs to know of a model. `Settings` are those of a training that it reads. */
export type ModelKind<Settings> = {
  readonly name: string
  /** What it does, without a full stop. */
  readonly summary: string
  /** Where it comes from. */
  readonly source: string
  /** Which settings it reads, beside what every training has; those that only other models read are refused. */
  readonly settings: readonly (keyof Settings)[]
  /** Coordinates per joint of the clips it takes. */
  readonly dims: (settings: Settings) => 2 | 3
  readonly make: (settings: Settings, context: ModelContext) => { readonly model: Model; readonly inputs: ModelInputs }
}
