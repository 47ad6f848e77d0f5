import type { FitClassifier } from '../classifiers/classifier.ts'
import { clipItems } from '../items.ts'
import { type Labelled, type Measured, stackFrames, unmeasured } from '../measured.ts'

/**
 * Phase classification accuracy: the share of all test frames whose phase a classifier of frozen embeddings names. 0..1.
 * Trained on all frames of the first max(1, floor(fraction V)) training clips in order of id. Drawing clips again weighs the test clips only.
 * Dwibedi et al., CVPR 2019 (support vector machine); Chen et al., CARL, CVPR 2022 (logistic regression).
 */
export function phaseAccuracy(
  train: readonly Labelled[], test: readonly Labelled[], { fit, fraction = 1 }: { fit: FitClassifier; fraction?: number },
): Measured {
  const clips = test.map(({ clip }) => clip)
  const used = train.toSorted((a, b) => (a.clip.id < b.clip.id ? -1 : 1)).slice(0, Math.max(1, Math.floor(fraction * train.length)))
  if (used.length === 0 || test.length === 0) return unmeasured(clips, 'frames', `no labelled ${used.length === 0 ? 'training' : 'test'} clip`)
  const classifier = fit(stackFrames(used.map(({ embedding }) => embedding)), used.flatMap(({ phases }) => Array.from(phases)))
  const correct = test.map(({ embedding, phases }) => classifier.predict(embedding).reduce((sum, phase, frame) => sum + (phase === phases[frame] ? 1 : 0), 0))
  const statistic = (weights: Float64Array): number | null => {
    let [right, frames] = [0, 0]
    for (const [index, weight] of weights.entries()) {
      right += weight * correct[index]!
      frames += weight * test[index]!.clip.frames
    }
    return frames > 0 ? right / frames : null
  }
  const lengths = clips.map((clip) => clip.frames)
  return {
    ...unmeasured(clips, 'frames', ''), n: lengths.reduce((sum, frames) => sum + frames, 0), statistic, reason: null,
    items: () => clipItems(clips, correct, lengths),
  }
}
