import {
  concat, constant, crossEntropy, flip, gather, greater, mean, type Node, oneHot, randomInput, relu, reshape, slice, sum, takeAlong, topK, where,
} from '../../engine/index.ts'
import { ToolkitError } from '../../errors.ts'
import { linear, linearSpec } from '../../models/blocks/linear.ts'
import type { Nodes } from '../../models/index.ts'
import { drawnPlaces } from './drawn-frames.ts'
import type { Loss } from './loss.ts'
import { meanPerRow } from './pairs.ts'

/** Defaults of the release in `config.py`. */
export type ShuffleAndLearnOptions = {
  /** Triples drawn from each view: 8. */
  readonly triples: number
  /** Share of a batch's triples that are out of order, rounded down to whole ones: 0.75. */
  readonly shuffled: number
  /** Half of the time frames run backwards, which is in order too: those of a `batch` all at once, as in the release, or those of each `triple` by themselves. */
  readonly reversal: 'batch' | 'triple'
}

/** Frames that a triple is made of. */
const SLOTS = 5
const [IN, HIDDEN, OUT] = ['shuffle-and-learn.in', 'shuffle-and-learn.hidden', 'shuffle-and-learn.out'] as const

/**
 * Shuffle and learn: a classifier of its own (128 and 64 units, ReLU) says whether three frames are out of order, from their projections side by side. Mean over triples; views of fewer
 * than 5 frames have none. `depth` = numbers per frame of the projections.
 * Misra et al., Shuffle and Learn, ECCV 2016, as in TCC's release (`tcc/algos/sal.py`, `models.py`: kernels start as Keras draws them).
 */
export function shuffleAndLearn({ triples, shuffled, reversal }: ShuffleAndLearnOptions, depth: number): Loss {
  const loss: Loss = ({ projection }, { mask }, params) => {
    const [rows, frames] = mask!.shape as [number, number]
    if (frames < SLOTS) throw new ToolkitError('E_SETTING_VALUE', `views of ${frames} frames: triples are made of ${SLOTS}`, { hint: 'shuffle and learn needs longer clips, or a higher --set frames' })
    const all = rows * triples
    const drawn = drawnPlaces('shuffle-and-learn.frames', mask!, { draws: triples, frames: SLOTS })
    const isShuffled = chosenOf(all, Math.floor(shuffled * all))
    const places = triplesOf(reshape(drawn, [all, SLOTS]), isShuffled, reversal)
    const three = gather(projection, reshape(places, [rows, triples * 3]), 1, { batchAxes: 1 })
    // padding comes last: five frames are real where the fifth is
    const isReal = takeAlong(mask!, reshape(slice(drawn, 2, SLOTS - 1, SLOTS), [rows, triples]), 1)
    return orderLoss(reshape(three, [all, 3, depth]), { isShuffled, weights: reshape(isReal, [all]) }, params)
  }
  return Object.assign(loss, {
    parameters: [...linearSpec(IN, 3 * depth, 128, { init: 'xavier' }), ...linearSpec(HIDDEN, 128, 64, { init: 'xavier' }), ...linearSpec(OUT, 64, 2, { init: 'xavier' })],
  })
}

/** Cross-entropy of the classifier on triples [K, 3, z], of which `isShuffled` [K] says which are out of order, averaged by `weights` [K]. */
export function orderLoss(triples: Node, { isShuffled, weights }: { readonly isShuffled: Node; readonly weights: Node }, params: Nodes): Node {
  const [count, frames, depth] = triples.shape as [number, number, number]
  const seen = relu(linear(reshape(triples, [count, frames * depth]), params, IN))
  const logits = linear(relu(linear(seen, params, HIDDEN)), params, OUT)
  const losses = crossEntropy(logits, isShuffled, { reduction: 'none' })
  return mean(meanPerRow(reshape(losses, [1, count]), reshape(weights, [1, count])), [0])
}

/** 1 for so many of `all`, drawn at random, else 0. */
function chosenOf(all: number, count: number): Node {
  if (count === 0) return constant({ shape: [all], data: new Float32Array(all) })
  const order = randomInput('shuffle-and-learn.shuffled', [all], { kind: 'uniform' })
  return sum(oneHot(topK(order, count).indices, all), [0])
}

/** Of five places in order, or in reverse [K, 5], the three of a triple [K, 3]: 1, 2 and 3, or out of order 1, 0 and 3, or 1, 4 and 3. */
function triplesOf(drawn: Node, isShuffled: Node, reversal: ShuffleAndLearnOptions['reversal']): Node {
  const all = drawn.shape[0]!
  const coin = (name: string, tosses: number): Node => greater(randomInput(`shuffle-and-learn.${name}`, [tosses, 1], { kind: 'uniform' }), 0.5)
  const slots = where(coin('reversed', reversal === 'batch' ? 1 : all), flip(drawn, [1]), drawn)
  const slot = (place: number): Node => slice(slots, 1, place, place + 1)
  const middle = where(reshape(isShuffled, [all, 1]), where(coin('middle', all), slot(4), slot(0)), slot(2))
  return concat([slot(1), middle, slot(3)], 1)
}
