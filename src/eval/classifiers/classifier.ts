import type { Tensor } from '../../tensor.ts'

/** A fitted classifier: class index of every row of [N, d]. */
export type Classifier = { readonly predict: (features: Tensor) => Int32Array }

/** Fits features [N, d] and their class indices [N]. */
export type FitClassifier = (features: Tensor, labels: ArrayLike<number>) => Classifier

/** The classes that occur, in order. */
export function classesOf(labels: ArrayLike<number>): number[] {
  return [...new Set(Array.from(labels))].sort((a, b) => a - b)
}
