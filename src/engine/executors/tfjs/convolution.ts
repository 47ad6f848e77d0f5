import type { Tensor } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../../tensor.ts'
import { windowCounts, windowPlaces } from '../../ops/windows.ts'
import type { Call, Operator } from './operator.ts'

/** Conv as a product of matrices: tfjs's own has neither groups, nor stride with dilation, nor padding that differs from side to side. */
export const convolution: Readonly<Record<string, Operator>> = { Conv: convolved }

function convolved({ tf, input, inputs, attributes, attribute }: Call): Tensor {
  const [x, w, groups] = [input(0), input(1), attribute('group', 1)]
  const [extents, kernel] = [x.shape.slice(2), w.shape.slice(2)]
  const perAxis = (name: string): readonly number[] => attributes[name] as readonly number[]
  const [before, after] = [perAxis('pads').slice(0, kernel.length), perAxis('pads').slice(kernel.length)]
  const windows = { kernel, stride: perAxis('strides'), dilation: perAxis('dilations'), before, after }
  const counts = windowCounts(extents, windows)
  const [batch, filters, taps] = [x.shape[0]!, w.shape[0]!, w.shape[1]! * sizeOf(kernel)]
  // beside the places one of zero, which windows see outside
  const places = windowPlaces(extents, counts, windows).map((place) => (place < 0 ? sizeOf(extents) : place))
  const withZero = tf.pad(tf.reshape(x, [batch, x.shape[1]!, sizeOf(extents)]), [[0, 0], [0, 0], [0, 1]])
  const unfolded = tf.transpose(tf.reshape(tf.gather(withZero, tf.tensor1d(places, 'int32'), 2), [batch * groups, w.shape[1]!, sizeOf(counts), sizeOf(kernel)]), [0, 1, 3, 2])
  const rows = tf.tile(tf.reshape(w, [groups, filters / groups, taps]), [batch, 1, 1])
  const y = tf.reshape(tf.matMul(rows, tf.reshape(unfolded, [batch * groups, taps, sizeOf(counts)])), [batch, filters, ...counts])
  return inputs < 3 ? y : tf.add(y, tf.reshape(input(2), [filters, ...counts.map(() => 1)]))
}
