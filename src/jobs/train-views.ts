import { augmentationSteps, presetOf, type Step } from '../transforms/index.ts'
import type { TrainConfig } from './train-config.ts'
import type { ClipRow } from './trainable-clips.ts'

/** The steps of the two views that a training compares: those of `first` and `second`, or of a preset, and what the model has to have of them (`ModelInputs.viewPlacing`). */
export function trainViews({ augmentation, first, second, padding }: Pick<TrainConfig, 'augmentation' | 'first' | 'second' | 'padding'>, placing: readonly Step[] = []): readonly (readonly Step[])[] {
  const views = augmentation === 'own' ? [first, second].map((view) => augmentationSteps(view, { padding })) : presetOf(augmentation).views
  return views.map((steps) => placing.reduce(withPlacing, steps))
}

/** A step in the place of those of its name, or after all others. */
function withPlacing(steps: readonly Step[], placing: Step): readonly Step[] {
  return steps.some(({ name }) => name === placing.name) ? steps.map((step) => (step.name === placing.name ? placing : step)) : [...steps, placing]
}

/** T of a training: the setting, or as many as the longest clip has, in whole eights. */
export function viewFrames({ frames }: Pick<TrainConfig, 'frames'>, clips: readonly Pick<ClipRow, 'frames'>[]): number {
  const longest = Math.max(...clips.map((clip) => clip.frames))
  return Math.min(frames, Math.ceil(longest / 8) * 8)
}
