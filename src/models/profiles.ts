import { unknownName } from '../errors.ts'

/** Sizes of heatmaps and encoder that belong together. */
export type Profile = {
  /** px of a heatmap's side, and of a patch's. */
  readonly size: number
  readonly patch: number
  /** Width of the Gaussian in px of the heatmap. */
  readonly sigma: number
  readonly width: number
  readonly heads: number
  readonly spatialLayers: number
  readonly temporalLayers: number
}

/** `small` is the default and made for two CPU cores; `reference` and `large` want a GPU; `tiny` tells in a second whether a training runs, and learns little. All sizes are [I]: the paper's are not known. */
export const profiles: Readonly<Record<string, Profile>> = {
  tiny: { size: 16, patch: 8, sigma: 0.5, width: 8, heads: 2, spatialLayers: 1, temporalLayers: 1 },
  small: { size: 32, patch: 8, sigma: 0.5, width: 64, heads: 4, spatialLayers: 2, temporalLayers: 4 },
  reference: { size: 56, patch: 8, sigma: 0.6, width: 128, heads: 4, spatialLayers: 4, temporalLayers: 4 },
  large: { size: 64, patch: 8, sigma: 0.6, width: 256, heads: 8, spatialLayers: 6, temporalLayers: 4 },
}

/** The profile of a name; throws E_PROFILE_UNKNOWN with what exists. */
export function profileOf(name: string): Profile {
  const profile = profiles[name]
  if (profile === undefined) throw unknownName('E_PROFILE_UNKNOWN', 'profile', name, Object.keys(profiles))
  return profile
}
