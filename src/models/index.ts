export { flatten, unflatten } from './flat.ts'
export { initialise } from './initialise.ts'
export { la2ds, type La2dsConfig, la2dsDefaults } from './la2ds.ts'
export { type Model, type Nodes, type Outputs, parameterCount, type PositionRule } from './model.ts'
export type { MatrixInit, ParameterSpec } from './parameter.ts'
export { carriedOf, untrainedWeights, type Weights, weightShapes } from './weights.ts'
export { type Profile, profileOf, profiles } from './profiles.ts'

/** What `posetta models` lists. */
export const models = [
  {
    name: 'la2ds', summary: 'aligns 2D skeleton heatmaps: attention in space, then in time',
    source: 'after Tran et al., ECCV 2024 (re-implemented without its text); ViViT, ICCV 2021',
  },
] as const
