import { randomAt } from '../../random.ts'
import type { Tensor } from '../../tensor.ts'
import type { FitClassifier } from '../classifiers/classifier.ts'
import { type Labelled, type Measured, pickFrames, ratioOfClips, stackFrames, unmeasured } from '../measured.ts'
import type { Protocol } from '../protocols/protocol.ts'
import { standardiser } from '../standardiser.ts'

export type AccuracyOptions = Partial<Pick<Protocol['classification'], 'labels' | 'features'>> & {
  readonly fit: FitClassifier
  readonly fraction?: number
  /** Draws random frames. */
  readonly seed?: number
}

/**
 * Phase classification accuracy: the share of all test frames whose phase a classifier of frozen embeddings names. 0..1.
 * Trained on all frames of the first max(1, floor(fraction V)) training clips in order of id, or on round(fraction N) frames drawn from all of them (GTCC).
 * Drawing clips again weighs the test clips only.
 * Dwibedi et al., CVPR 2019 (support vector machine); Chen et al., CARL, CVPR 2022 (logistic regression).
 */
export function phaseAccuracy(
  train: readonly Labelled[], test: readonly Labelled[], { fit, fraction = 1, labels = 'first clips', features = 'as they are', seed = 0 }: AccuracyOptions,
): Measured {
  const clips = test.map(({ clip }) => clip)
  if (train.length === 0 || test.length === 0) return unmeasured(clips, 'frames', `no labelled ${train.length === 0 ? 'training' : 'test'} clip`)
  const sorted = train.toSorted((a, b) => (a.clip.id < b.clip.id ? -1 : 1))
  const learnt = labels === 'first clips' ? framesOf(sorted.slice(0, Math.max(1, Math.floor(fraction * train.length)))) : drawn(framesOf(sorted), { fraction, seed })
  const shown = features === 'standardised' ? standardiser(learnt.features) : (tensor: Tensor) => tensor
  const classifier = fit(shown(learnt.features), learnt.phases)
  const correct = test.map(({ embedding, phases }) => classifier.predict(shown(embedding)).reduce((sum, phase, frame) => sum + (phase === phases[frame] ? 1 : 0), 0))
  const lengths = clips.map(({ frames }) => frames)
  return ratioOfClips(clips, correct, lengths, lengths.reduce((sum, frames) => sum + frames, 0))
}

type Learnt = { readonly features: Tensor; readonly phases: readonly number[] }

function framesOf(labelled: readonly Labelled[]): Learnt {
  return { features: stackFrames(labelled.map(({ embedding }) => embedding)), phases: labelled.flatMap(({ phases }) => Array.from(phases)) }
}

/** round(fraction N) of the frames, at least one: the first of a keyed shuffle. */
function drawn({ features, phases }: Learnt, { fraction, seed }: { fraction: number; seed: number }): Learnt {
  const frames = phases.length
  const random = randomAt({ seed, transform: 'random-frames' })
  const order = Int32Array.from({ length: frames }, (_, frame) => frame)
  for (let last = frames - 1; last > 0; last--) {
    const place = random.integer(last + 1)
    ;[order[last], order[place]] = [order[place]!, order[last]!]
  }
  const kept = order.slice(0, Math.max(1, Math.round(fraction * frames)))
  return { features: pickFrames(features, kept), phases: Array.from(kept, (frame) => phases[frame]!) }
}
