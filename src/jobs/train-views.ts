import { augmentationSteps, presetOf, type Step } from '../transforms/index.ts'
import type { TrainConfig } from './train-config.ts'
import type { ClipRow } from './trainable-clips.ts'

/** The steps of the two views that a training compares: those of `first` and `second`, or of a preset. */
export function trainViews({ augmentation, first, second, padding }: Pick<TrainConfig, 'augmentation' | 'first' | 'second' | 'padding'>): readonly (readonly Step[])[] {
  return augmentation === 'own' ? [first, second].map((view) => augmentationSteps(view, { padding })) : presetOf(augmentation).views
}

/** T of a training: the setting, or as many as the longest clip has, in whole eights. */
export function viewFrames({ frames }: Pick<TrainConfig, 'frames'>, clips: readonly Pick<ClipRow, 'frames'>[]): number {
  const longest = Math.max(...clips.map((clip) => clip.frames))
  return Math.min(frames, Math.ceil(longest / 8) * 8)
}
