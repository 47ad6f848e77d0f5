import { unknownName } from '../errors.ts'
import { augmentationSteps, cutOnly, full } from './augmentation.ts'
import type { Step } from './steps.ts'

/** A method's views of one clip, as steps. */
export type Preset = {
  readonly summary: string
  readonly source: string
  /** One list of steps per view. */
  readonly views: readonly (readonly Step[])[]
}

/** Named views. What they leave open (T, the skeleton) follows from the context of `chainOf`. */
export const presets = {
  la2ds: {
    summary: 'two views of a clip: both cut and at another tempo, the second with everything', source: 'own, after CASA; what `train` uses',
    views: [augmentationSteps(cutOnly), augmentationSteps(full)],
  },
  none: {
    summary: 'the clip as it is, thinned to T frames, in its box', source: 'own; what is evaluated',
    views: [[{ name: 'resample' }, { name: 'crop' }]],
  },
} as const satisfies Readonly<Record<string, Preset>>

export type PresetName = keyof typeof presets

/** A preset by its name. Throws E_PRESET_UNKNOWN. */
export function presetOf(name: string): Preset {
  if (Object.hasOwn(presets, name)) return presets[name as PresetName]
  throw unknownName('E_PRESET_UNKNOWN', 'preset', name, Object.keys(presets))
}
