import type { Tensor } from '../../tensor.ts'
import { node, number, options, whole } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type NonFinite, placeOf } from '../first-non-finite.ts'
import { makeNode, type Node, type Operation, shapeError } from '../graph.ts'
import { add } from '../ops/add.ts'
import { axisOf } from '../ops/axis.ts'
import { emitTruth } from '../ops/boolean.ts'
import { equal } from '../ops/compare.ts'
import { div } from '../ops/div.ts'
import { nameOf } from '../ops/input.ts'
import { logSoftmax } from '../ops/log-softmax.ts'
import { and } from '../ops/logic.ts'
import { mul } from '../ops/mul.ts'
import { neg } from '../ops/neg.ts'
import { oneHot } from '../ops/one-hot.ts'
import { reshape } from '../ops/reshape.ts'
import { sum } from '../ops/sum.ts'
import { where } from '../ops/where.ts'
import { type LossOptions, reduceLoss, reductionKind } from './reduce-loss.ts'

export type CrossEntropyOptions = LossOptions & {
  /** The axis of the C classes among those of the logits, the last when not given. */
  readonly axis?: number
  /** [C]: how much each class counts. */
  readonly weights?: Node
  /** What share of the wanted distribution is spread over all classes; 0 when not given. */
  readonly smoothing?: number
}

export type IndexCrossEntropyOptions = CrossEntropyOptions & { /** The index of samples that do not count; -100 when not given. */ readonly ignoreIndex?: number }

const fields = { axis: whole, weights: node, smoothing: number, reduction: reductionKind }

/**
 * -log softmax(logits) at the wanted class, as torch.nn.functional.cross_entropy: logits [..., C], `classes` [...] the indices of the classes as numbers. Samples of `ignoreIndex`
 * count nothing; an index that is no class makes the loss NaN. The mean divides by the weights of the wanted classes; with nothing to divide by it is NaN.
 */
export const crossEntropy = checked('crossEntropy', {
  logits: node, classes: node, options: options({ ...fields, ignoreIndex: whole }),
}, (logits: Node, classes: Node, options: IndexCrossEntropyOptions = {}): Node => {
  const { axis, weights, smoothing } = settingsOf('crossEntropy', logits, options)
  if (classes.shape.join() !== logits.shape.toSpliced(axis, 1).join()) throw shapeError('crossEntropy', 'the classes must have the shape of the logits without their axis', logits, classes)
  const isWanted = oneHot(classes, logits.shape[axis]!, axis)
  const isIgnored = equal(classes, options.ignoreIndex ?? -100)
  const surprise = neg(logSoftmax(logits, axis))
  const wanted = sum(where(isWanted, weights === null ? surprise : mul(surprise, weights), 0), [axis])
  const losses = smoothing === 0 ? wanted : add(mul(wanted, 1 - smoothing), mul(sum(weights === null ? surprise : mul(surprise, weights), [axis]), smoothing / logits.shape[axis]!))
  const counted = where(isIgnored, 0, ofClasses(losses, where(isIgnored, 1, sum(isWanted, [axis])), classes, logits.shape[axis]!))
  if (options.reduction !== undefined && options.reduction !== 'mean') return reduceLoss(counted, options.reduction)
  const counts = where(isIgnored, 0, weights === null ? 1 : sum(mul(isWanted, weights), [axis]))
  return div(reduceLoss(counted, 'sum'), reduceLoss(counts, 'sum'))
})

/** A class that there is not, among those fed to a cross-entropy: its number, its place in what is fed, and how many classes there are. */
export type UnknownClass = { readonly value: number; readonly place: readonly number[]; readonly input: string; readonly classes: number }

/** The class that made a cross-entropy NaN; null where that is not what was found, or where the classes are computed from what is fed. */
export function unknownClass({ node, value: { first } }: NonFinite, feeds: Readonly<Record<string, Tensor>>): UnknownClass | null {
  if (node.operation !== classOperation || first === null) return null
  let fed = node.inputs[2]!
  while (fed.operation.isView === true) fed = fed.inputs[0]!
  const [input, data] = [nameOf(fed), feeds[nameOf(fed) ?? '']?.data]
  const at = first.reduce((sum, index, i) => sum * node.shape[i]! + index, 0)
  if (input === null || data === undefined) return null
  return { value: data[at]!, place: placeOf(at, fed.shape), input, classes: node.attributes['classes'] as number }
}

/** The losses [...] of known classes, NaN for those that are none; the classes are an input for those who ask where a NaN comes from. */
function ofClasses(losses: Node, isKnown: Node, classes: Node, count: number): Node {
  return makeNode(classOperation, [losses, isKnown, classes], losses.shape, { classes: count })
}

const classOperation: Operation = {
  name: 'crossEntropy',
  evaluate: (_, [losses, isKnown]) => losses!.map((loss, i) => (isKnown![i] === 0 ? NaN : loss)),
  gradient: ({ inputs: [, isKnown] }, upstream) => [where(isKnown!, upstream, 0), null, null],
  lower: (_, [losses, isKnown], output, onnx) => onnx.node('Where', [emitTruth(isKnown!, onnx), losses!, onnx.floats({ shape: [], data: Float32Array.of(NaN) })], [output]),
}

/** Cross-entropy to wanted distributions of the logits' shape, for mixed labels or a teacher's: -sum of target log softmax(logits). The mean is that over samples. */
export const distributionCrossEntropy = checked('distributionCrossEntropy', {
  logits: node, target: node, options: options(fields),
}, (logits: Node, target: Node, options: CrossEntropyOptions = {}): Node => {
  const { axis, weights, smoothing } = settingsOf('distributionCrossEntropy', logits, options)
  if (target.shape.join() !== logits.shape.join()) throw shapeError('distributionCrossEntropy', 'the shapes differ', logits, target)
  const wanted = smoothing === 0 ? target : add(mul(target, 1 - smoothing), smoothing / logits.shape[axis]!)
  const surprise = neg(logSoftmax(logits, axis))
  // a class that is ruled out and not wanted: 0, where 0 times infinity is NaN
  const terms = mul(wanted, where(and(equal(wanted, 0), equal(surprise, Infinity)), 0, surprise))
  return reduceLoss(sum(weights === null ? terms : mul(terms, weights), [axis]), options.reduction)
})

function settingsOf(loss: string, logits: Node, { axis = -1, weights, smoothing = 0 }: CrossEntropyOptions): { axis: number; weights: Node | null; smoothing: number } {
  const at = axisOf(loss, logits, axis)
  const classes = logits.shape[at]!
  if (weights !== undefined && weights.shape.join() !== `${classes}`) throw shapeError(loss, `the weights must be [${classes}]`, logits, weights)
  if (!(smoothing >= 0 && smoothing <= 1)) throw shapeError(loss, `smoothing must lie between 0 and 1, not ${smoothing}`, logits)
  return { axis: at, weights: weights === undefined ? null : reshape(weights, logits.shape.map((extent, i) => (i === at ? extent : 1))), smoothing }
}
