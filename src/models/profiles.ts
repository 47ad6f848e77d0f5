import { ToolkitError, unknownName } from '../errors.ts'

/** Sizes of heatmaps and encoder that belong together. */
export type Profile = {
  /** px of a heatmap's side: 56 as PoseC3D trains (CVPR 2022), 64 as it tests, less for CPU cores [I]. */
  readonly size: number
  /** px of a patch's side [I]; a multiple of it is `size`. */
  readonly patch: number
  /** Width of the Gaussian in px of the heatmap: PoseC3D's 0.6; `small` has 1.5 [I], so wide that poses of two people overlap, and that 16 px lose nothing of it. */
  readonly sigma: number
  /** Numbers of a token, d [I]. */
  readonly width: number
  /** Heads of every attention, among which the width is divided [I]. */
  readonly heads: number
  /** Blocks over the patches of a frame [I]; ViViT's factorised encoder (ICCV 2021) has 12. */
  readonly spatialLayers: number
  /** Blocks over the frames of a view [I]; ViViT's has 4. */
  readonly temporalLayers: number
}

/** `small` is the default and made for two CPU cores; `reference` and `large` want a GPU; `tiny` tells in a second whether a training runs, and learns little. All sizes are [I]: the paper's are not known. */
export const profiles: Readonly<Record<string, Profile>> = {
  tiny: { size: 16, patch: 8, sigma: 0.5, width: 8, heads: 2, spatialLayers: 1, temporalLayers: 1 },
  small: { size: 16, patch: 8, sigma: 1.5, width: 64, heads: 4, spatialLayers: 2, temporalLayers: 4 },
  reference: { size: 56, patch: 8, sigma: 0.6, width: 128, heads: 4, spatialLayers: 4, temporalLayers: 4 },
  large: { size: 64, patch: 8, sigma: 0.6, width: 256, heads: 8, spatialLayers: 6, temporalLayers: 4 },
}

/** A size of a training's own, or that of its profile. */
type Size = number | 'profile'

/** A profile's name, and the sizes that overrule it. */
export type SizeSettings = Readonly<Record<Exclude<keyof Profile, 'size' | 'sigma'>, Size>> & { readonly profile: string; readonly heatmap: { readonly size: Size; readonly sigma: Size } }

/** Those settings, by name. */
export const sizeSettings = ['profile', 'heatmap', 'patch', 'width', 'heads', 'spatialLayers', 'temporalLayers'] as const satisfies (keyof SizeSettings)[]

/** The sizes of an encoder and of what it sees. Throws E_PROFILE_UNKNOWN, and E_MODEL_SIZES for sizes that do not fit together. */
export function sizesOf({ profile: name, heatmap, ...own }: SizeSettings): Profile {
  const profile = profileOf(name)
  const chosen = { ...own, ...heatmap }
  const sizes = Object.fromEntries((Object.keys(profile) as (keyof Profile)[]).map((key) => [key, chosen[key] === 'profile' ? profile[key] : chosen[key]])) as Profile
  const { size, patch, width, heads } = sizes
  if (size % patch !== 0) throw new ToolkitError('E_MODEL_SIZES', `heatmaps of ${size} x ${size} px do not come apart into patches of ${patch} x ${patch}`, { hint: 'heatmap.size must be a multiple of patch' })
  if (width % heads !== 0) throw new ToolkitError('E_MODEL_SIZES', `a width of ${width} does not come apart into ${heads} heads`, { hint: 'width must be a multiple of heads' })
  return sizes
}

/** The profile of a name; throws E_PROFILE_UNKNOWN with what exists. */
export function profileOf(name: string): Profile {
  const profile = profiles[name]
  if (profile === undefined) throw unknownName('E_PROFILE_UNKNOWN', 'profile', name, Object.keys(profiles))
  return profile
}
