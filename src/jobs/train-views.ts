import { augmentationSteps, presetOf, type Step } from '../transforms/index.ts'
import type { TrainConfig } from './train-config.ts'

/** The steps of the two views that a training compares: those of `first` and `second`, or of a preset. */
export function trainViews({ augmentation, first, second, padding }: Pick<TrainConfig, 'augmentation' | 'first' | 'second' | 'padding'>): readonly (readonly Step[])[] {
  return augmentation === 'own' ? [first, second].map((view) => augmentationSteps(view, { padding })) : presetOf(augmentation).views
}
