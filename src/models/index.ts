import { unknownName } from '../errors.ts'
import { casaKind, type CasaSettings } from './casa.ts'
import { coords2dKind, type Coords2dSettings } from './coords-2d.ts'
import { jointTokensKind, type JointTokensSettings } from './joint-tokens.ts'
import { la2dsKind } from './la2ds.ts'
import { type FusionSettings, la2dsRgbKind } from './la2ds-rgb.ts'
import type { ModelKind } from './model-kind.ts'
import { rgbKind } from './rgb.ts'

export { casa, type CasaConfig, casaDefaults } from './casa.ts'
export { coords2dDefaults } from './coords-2d.ts'
export { flatten, unflatten } from './flat.ts'
export { initialise } from './initialise.ts'
export { jointTokensDefaults } from './joint-tokens.ts'
export { la2ds, type La2dsConfig, la2dsDefaults, type La2dsSettings } from './la2ds.ts'
export { type Model, type Nodes, type Numbering, type Outputs, parameterCount, type PositionRule } from './model.ts'
export type { ModelInputs } from './model-inputs.ts'
export type { MatrixInit, ParameterSpec } from './parameter.ts'
export { carriedOf, untrainedWeights, type Weights, weightShapes } from './weights.ts'
export { type PictureConfig, pictureDefaults } from './rgb.ts'
export { type Profile, profileOf, profiles, sizesOf } from './profiles.ts'

/** All that a training can be told of models. */
export type ModelSettings = FusionSettings & CasaSettings & Coords2dSettings & JointTokensSettings

/** What `posetta models` lists, and `posetta train` makes. */
export const models: readonly ModelKind<ModelSettings>[] = [la2dsKind, coords2dKind, jointTokensKind, casaKind, rgbKind, la2dsRgbKind]

/** The model of a name; throws E_MODEL_UNKNOWN with what exists. */
export function modelKind(name: string): ModelKind<ModelSettings> {
  const kind = models.find((model) => model.name === name)
  if (kind === undefined) throw unknownName('E_MODEL_UNKNOWN', 'model', name, models.map((model) => model.name))
  return kind
}
