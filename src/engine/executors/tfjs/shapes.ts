import type { Tensor } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../../tensor.ts'
import { type Call, fromFront, type Operator, upTo } from './operator.ts'

/** Operators that move numbers about. */
export const shapes: Readonly<Record<string, Operator>> = {
  Reshape: ({ tf, input, numbers }) => tf.reshape(input(0), [...numbers(1)!]),
  Transpose: ({ tf, input, attributes }) => tf.transpose(input(0), attributes['perm'] === undefined ? undefined : [...attributes['perm'] as readonly number[]]),
  Concat: ({ tf, input, inputs, attribute }) => tf.concat(upTo(inputs).map(input), fromFront(attribute('axis', 0), input(0).rank)),
  Expand: ({ tf, input, numbers }) => tf.broadcastTo(input(0), [...numbers(1)!]),
  Tile: ({ tf, input, numbers }) => tf.tile(input(0), [...numbers(1)!]),
  Squeeze: ({ tf, input, numbers }) => tf.squeeze(input(0), numbers(1)?.map((axis) => fromFront(axis, input(0).rank))),
  Unsqueeze: ({ tf, input, numbers }) => {
    const rank = input(0).rank + numbers(1)!.length
    const added = new Set(numbers(1)!.map((axis) => fromFront(axis, rank)))
    const left = [...input(0).shape]
    return tf.reshape(input(0), upTo(rank).map((axis) => (added.has(axis) ? 1 : left.shift()!)))
  },
  Split: ({ tf, input, numbers, outputs, attribute }) => {
    const axis = fromFront(attribute('axis', 0), input(0).rank)
    return tf.split(input(0), numbers(1) === undefined ? outputs : [...numbers(1)!], axis)
  },
  Slice: sliced,
  Pad: padded,
  Gather: ({ tf, input, attribute }) => tf.gather(input(0), input(1), fromFront(attribute('axis', 0), input(0).rank)),
  GatherElements: (call) => {
    const [x, places] = [call.input(0), positions(call)]
    return call.tf.reshape(call.tf.gather(call.tf.reshape(x, [x.size]), call.tf.reshape(places, [places.size])), places.shape)
  },
  ScatterElements: (call) => {
    if (call.attributes['reduction'] !== 'add') throw new Error('only ScatterElements that adds is computed by tfjs')
    const [x, updates, places] = [call.input(0), call.input(2), positions(call)]
    const added = call.tf.scatterND(call.tf.reshape(places, [places.size, 1]), call.tf.reshape(updates, [updates.size]), [x.size])
    return call.tf.add(x, call.tf.reshape(added, x.shape))
  },
}

/** Where in operand 0, row-major, each index of operand 1 points along the axis; the other axes are its own. */
function positions({ tf, input, attribute }: Call): Tensor {
  const { shape } = input(0)
  const axis = fromFront(attribute('axis', 0), shape.length)
  const strides = upTo(shape.length).map((i) => sizeOf(shape.slice(i + 1)))
  const others = input(1).shape.map((extent, i) => {
    const along = input(1).shape.map((_, other) => (other === i ? extent : 1))
    return i === axis ? null : tf.tensor(Int32Array.from({ length: extent }, (_, place) => place * strides[i]!), along, 'int32')
  })
  const places = tf.cast(input(1), 'int32')
  const inside = tf.where(tf.less(places, 0), tf.add(places, tf.scalar(shape[axis]!, 'int32')), places)
  return others.reduce<Tensor>((total, next) => (next === null ? total : tf.add(total, next)), tf.mul(inside, tf.scalar(strides[axis]!, 'int32')))
}

function sliced({ tf, input, numbers }: Call): Tensor {
  const [starts, ends] = [numbers(1)!, numbers(2)!]
  const axes = (numbers(3) ?? upTo(starts.length)).map((axis) => fromFront(axis, input(0).rank))
  const steps = numbers(4) ?? starts.map(() => 1)
  return axes.reduce((x, axis, i) => {
    const extent = x.shape[axis]!
    const [step, within] = [steps[i]!, (place: number): number => Math.min(Math.max(place < 0 ? place + extent : place, steps[i]! < 0 ? -1 : 0), steps[i]! < 0 ? extent - 1 : extent)]
    const [start, end] = [within(starts[i]!), within(ends[i]!)]
    const taken = Math.max(Math.ceil((end - start) / step), 0)
    if (step === 1) return tf.slice(x, x.shape.map((_, other) => (other === axis ? start : 0)), x.shape.with(axis, taken))
    return tf.gather(x, tf.tensor1d(Int32Array.from({ length: taken }, (_, place) => start + place * step), 'int32'), axis)
  }, input(0))
}

/** Zeros or another constant by tfjs's pad; every other mode reads each place along an axis from where it comes. */
function padded({ tf, input, numbers, attributes }: Call): Tensor {
  const x = input(0)
  const pads = numbers(1)!
  const axes = numbers(3)?.map((axis) => fromFront(axis, x.rank)) ?? upTo(x.rank)
  const pairs = upTo(x.rank).map((axis): [number, number] => (axes.includes(axis) ? [pads[axes.indexOf(axis)]!, pads[axes.length + axes.indexOf(axis)]!] : [0, 0]))
  const mode = attributes['mode'] ?? 'constant'
  if (mode === 'constant') return tf.pad(x, pairs, numbers(2)?.[0] ?? 0)
  return pairs.reduce((out, [before, after], axis) => {
    if (before === 0 && after === 0) return out
    const extent = out.shape[axis]!
    const sources = Int32Array.from({ length: before + extent + after }, (_, place) => SOURCES[String(mode)]!(place - before, extent))
    return tf.gather(out, tf.tensor1d(sources, 'int32'), axis)
  }, x)
}

/** By mode: the place in [0, extent) that a place outside of it repeats. */
const SOURCES: Readonly<Record<string, (place: number, extent: number) => number>> = {
  edge: (place, extent) => Math.min(Math.max(place, 0), extent - 1),
  wrap: (place, extent) => ((place % extent) + extent) % extent,
  reflect: (place, extent) => {
    if (extent === 1) return 0
    const period = 2 * (extent - 1)
    const along = ((place % period) + period) % period
    return Math.min(along, period - along)
  },
}
