import type { Tensor } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../../tensor.ts'
import { broadcastShapes } from '../../graph.ts'
import { type Call, fromFront, type Operator, type Tf, upTo } from './operator.ts'

/** Operators that fold axes, and those that work along one. */
export const reductions: Readonly<Record<string, Operator>> = {
  ReduceSum: reduced((tf, x, axes, keep) => tf.sum(x, axes, keep)),
  ReduceMean: reduced((tf, x, axes, keep) => tf.mean(x, axes, keep)),
  ReduceMax: reduced((tf, x, axes, keep) => tf.max(x, axes, keep)),
  ReduceMin: reduced((tf, x, axes, keep) => tf.min(x, axes, keep)),
  ReduceProd: reduced((tf, x, axes, keep) => tf.prod(x, axes, keep)),
  ReduceSumSquare: reduced((tf, x, axes, keep) => tf.sum(tf.square(x), axes, keep)),
  ReduceLogSumExp: reduced((tf, x, axes, keep) => tf.logSumExp(x, axes, keep)),
  Softmax: ({ tf, input, attribute }) => tf.softmax(input(0), fromFront(attribute('axis', -1), input(0).rank)),
  LayerNormalization: ({ tf, input, inputs, outputs, attribute }) => {
    const x = input(0)
    const axes = upTo(x.rank).slice(fromFront(attribute('axis', -1), x.rank))
    const center = tf.mean(x, axes, true)
    const centered = tf.sub(x, center)
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centered), axes, true), attribute('epsilon', 1e-5)))
    const scaled = tf.mul(tf.mul(centered, inverse), input(1))
    return [inputs > 2 ? tf.add(scaled, input(2)) : scaled, center, inverse].slice(0, outputs)
  },
  CumSum: ({ tf, input, numbers, attribute }) => tf.cumsum(input(0), fromFront(numbers(1)![0]!, input(0).rank), attribute('exclusive', 0) === 1, attribute('reverse', 0) === 1),
  ArgMax: ({ tf, input, attribute }) => {
    const [x, axis] = [input(0), fromFront(attribute('axis', 0), input(0).rank)]
    const found = tf.argMax(x, axis)
    return attribute('keepdims', 1) === 1 ? tf.expandDims(found, axis) : found
  },
  TopK: topK,
  MatMul: product,
}

/** A reduction as of operator set 18: the axes are an operand; without them all are meant, unless noop_with_empty_axes. */
function reduced(of: (tf: Tf, x: Tensor, axes: number[], keep: boolean) => Tensor): Operator {
  return ({ tf, input, numbers, attribute }) => {
    const x = input(0)
    const axes = (numbers(1) ?? upTo(x.rank)).map((axis) => fromFront(axis, x.rank))
    return of(tf, x, axes, attribute('keepdims', 1) === 1)
  }
}

/** tfjs has the largest along the last axis only. */
function topK({ tf, input, numbers, attribute }: Call): Tensor[] {
  const [x, count] = [input(0), numbers(1)![0]!]
  const axis = fromFront(attribute('axis', -1), x.rank)
  const isLargest = attribute('largest', 1) === 1
  const swap = upTo(x.rank).with(axis, x.rank - 1).with(x.rank - 1, axis)
  const { values, indices } = tf.topk(tf.transpose(isLargest ? x : tf.neg(x), swap), count, true)
  return [tf.transpose(isLargest ? values : tf.neg(values), swap), tf.transpose(indices, swap)]
}

/** tfjs repeats no batch that is not a batch of one, and says nothing: hence batches of one shape, or one matrix for all rows. */
function product({ tf, input }: Call): Tensor {
  const [a, b] = [input(0), input(1)]
  if (b.rank === 2) return tf.reshape(tf.matMul(tf.reshape(a, [sizeOf(a.shape.slice(0, -1)), a.shape.at(-1)!]), b), [...a.shape.slice(0, -1), b.shape[1]!])
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2))!
  const whole = (x: Tensor): Tensor => {
    const shape = [...batch, ...x.shape.slice(-2)]
    return tf.reshape(shape.join() === x.shape.join() ? x : tf.broadcastTo(x, shape), [sizeOf(batch), ...x.shape.slice(-2)])
  }
  return tf.reshape(tf.matMul(whole(a), whole(b)), [...batch, a.shape.at(-2)!, b.shape.at(-1)!])
}
