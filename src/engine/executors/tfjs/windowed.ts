import type { Tensor } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../../tensor.ts'
import { windowCounts, windowPlaces } from '../../ops/windows.ts'
import type { Call, Operator } from './operator.ts'

/**
 * Conv as a product of matrices: tfjs's own has neither groups, nor stride with dilation, nor padding that differs from side to side, and one of its backends has
 * wrong derivatives.
 */
export const windowed: Readonly<Record<string, Operator>> = { Conv: convolved }

function convolved({ tf, input, inputs, attributes, attribute }: Call): Tensor {
  const [x, w, groups] = [input(0), input(1), attribute('group', 1)]
  const [extents, kernel] = [x.shape.slice(2), w.shape.slice(2)]
  const perAxis = (name: string): readonly number[] => attributes[name] as readonly number[]
  const [before, after] = [perAxis('pads').slice(0, kernel.length), perAxis('pads').slice(kernel.length)]
  const windows = { kernel, stride: perAxis('strides'), dilation: perAxis('dilations'), before, after }
  const counts = windowCounts(extents, windows)
  const [rows, filters, taps] = [x.shape[0]! * groups, w.shape[0]!, w.shape[1]! * sizeOf(kernel)]
  // beside the places one of zero, which windows see outside
  const places = windowPlaces(extents, counts, windows).map((place) => (place < 0 ? sizeOf(extents) : place))
  const withZero = tf.pad(tf.reshape(x, [rows, w.shape[1]!, sizeOf(extents)]), [[0, 0], [0, 0], [0, 1]])
  const unfolded = tf.reshape(tf.gather(withZero, tf.tensor1d(places, 'int32'), 2), [rows, w.shape[1]!, sizeOf(counts), sizeOf(kernel)])
  const columns = tf.reshape(tf.transpose(unfolded, [0, 1, 3, 2]), [rows, taps, sizeOf(counts)])
  const matrices = tf.tile(tf.reshape(w, [groups, filters / groups, taps]), [x.shape[0]!, 1, 1])
  const y = tf.reshape(tf.matMul(matrices, columns), [x.shape[0]!, filters, ...counts])
  return inputs < 3 ? y : tf.add(y, tf.reshape(input(2), [filters, ...counts.map(() => 1)]))
}
