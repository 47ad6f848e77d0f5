import { sizeOf, type Tensor } from '../../tensor.ts'
import { flag, node, notNegative, number, optional, options, orNull, record, text, whole } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type Graph, type Node, shapeError } from '../graph.ts'
import { add } from './add.ts'
import { div } from './div.ts'
import { input, nameOf } from './input.ts'
import { mean } from './mean.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { reciprocal } from './reciprocal.ts'
import { reshape } from './reshape.ts'
import { sqrt } from './sqrt.ts'
import { square } from './square.ts'
import { stopGradient } from './stop-gradient.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'
import { withGradient } from './with-gradient.ts'

/** Mean and variance [C] of the batches seen so far, and their number []. */
export type RunningStatistics = { readonly mean: Node; readonly variance: Node; readonly batches: Node }

/** What is carried from step to step beside the parameters: an input, its next value, and what it is before the first step. */
export type CarriedState = Graph['state'][number] & { readonly start: Tensor }

export type BatchNormOptions = {
  /** With statistics of the batch, which are carried on; else with the running ones. */
  readonly training: boolean
  /** [C]; 1 and 0 when not given. */
  readonly gain?: Node
  readonly bias?: Node
  /** How much a batch counts among the running statistics; null = all batches count alike. Default 0.1. */
  readonly momentum?: number | null
  readonly epsilon?: number
  /** The axis of the C channels, 1 when not given; negative = from the end. */
  readonly axis?: number
}

const statistics = options({ mean: node, variance: node, batches: node }, ['mean', 'variance', 'batches'])
const batchNormOptions = options({ training: flag, gain: node, bias: node, momentum: orNull(number), epsilon: notNegative, axis: whole }, ['training'])

/**
 * The statistics of a batch normalisation of so many channels: the nodes `<name>.mean`, `<name>.variance` and `<name>.batches` of `known` (those of a training that has ended), inputs of
 * these names where it has none.
 */
export const runningStatistics = checked('runningStatistics', {
  name: text, channels: whole, known: optional(record(node)),
}, (name: string, channels: number, known: Readonly<Record<string, Node>> = {}): RunningStatistics => {
  const node = (part: string, shape: readonly number[]): Node => (`${name}.${part}` in known ? known[`${name}.${part}`]! : input(`${name}.${part}`, shape))
  return { mean: node('mean', [channels]), variance: node('variance', [channels]), batches: node('batches', []) }
})

/** Where carried states begin, by name. A program begins with zeros, which are no variance, so write these. */
export function startOf(state: readonly CarriedState[]): Record<string, Tensor> {
  return Object.fromEntries(state.map((carried) => [nameOf(carried.input)!, carried.start]))
}

/**
 * Batch normalisation of x [N, C, ...] (Ioffe & Szegedy, ICML 2015), as PyTorch's: (x - mean) / sqrt(variance + epsilon) gain + bias per channel. `state` goes into the training
 * graph; while evaluating it is empty. A batch is normalised by its biased variance; the unbiased one is carried on.
 */
export const batchNorm = checked('batchNorm', {
  x: node, running: statistics, options: batchNormOptions,
}, (x: Node, running: RunningStatistics, options: BatchNormOptions): { readonly y: Node; readonly state: readonly CarriedState[] } => {
  const { training, gain, bias, momentum = 0.1, epsilon = 1e-5, axis = 1 } = options
  const channel = axis < 0 ? axis + x.shape.length : axis
  const channels = x.shape[channel]
  const perChannel = [running.mean, running.variance, ...present(gain, bias)]
  if (channels === undefined || perChannel.some(({ shape }) => shape.length !== 1 || shape[0] !== channels)) {
    throw shapeError('batchNorm', `statistics, gain and bias must be [extent of axis ${axis}]`, x, ...perChannel)
  }
  const along = (node: Node): Node => reshape(node, x.shape.map((extent, i) => (i === channel ? extent : 1)))
  if (!training) {
    const deviation = sqrt(add(running.variance, epsilon))
    const scale = gain === undefined ? reciprocal(deviation) : div(gain, deviation)
    const shift = bias === undefined ? neg(mul(running.mean, scale)) : sub(bias, mul(running.mean, scale))
    return { y: add(mul(x, along(scale)), along(shift)), state: [] }
  }
  const count = sizeOf(x.shape) / channels
  if (!(count > 1)) throw shapeError('batchNorm', 'a channel of one number has no variance to train with', x)
  const axes = [...x.shape.keys()].filter((i) => i !== channel)
  const center = mean(x, axes, { keepDims: true })
  const centred = sub(x, center)
  const variance = mean(square(centred), axes, { keepDims: true })
  const y = scaled({ x, centred, inverse: reciprocal(sqrt(add(variance, epsilon))), axes, gain, bias, along })
  return { y, state: carried(running, { mean: center, variance: mul(variance, count / (count - 1)) }, momentum) }
})

/** centred / deviation gain + bias. Its derivative is in closed form: fewer passes over the batch. */
function scaled({ x, centred, inverse, axes, gain, bias, along }: {
  x: Node; centred: Node; inverse: Node; axes: readonly number[]; gain: Node | undefined; bias: Node | undefined; along: (node: Node) => Node
}): Node {
  const share = sizeOf(inverse.shape) / sizeOf(x.shape)
  const scale = gain === undefined ? inverse : mul(inverse, along(gain))
  const product = mul(centred, scale)
  return withGradient('batchNorm', bias === undefined ? product : add(product, along(bias)), [x, ...present(gain, bias)], (upstream) => {
    const total = sum(upstream, axes, { keepDims: true })
    const slope = mul(sum(mul(upstream, centred), axes, { keepDims: true }), inverse)
    const mean = mul(scale, mul(total, share))
    const lean = mul(centred, mul(mul(scale, inverse), mul(slope, share)))
    return [sub(mul(upstream, scale), add(lean, mean)), ...(gain === undefined ? [] : [reshape(slope, gain.shape)]), ...(bias === undefined ? [] : [reshape(total, bias.shape)])]
  })
}

function carried(running: RunningStatistics, batch: { mean: Node; variance: Node }, momentum: number | null): CarriedState[] {
  const batches = add(running.batches, 1)
  const share = momentum === null ? reciprocal(batches) : momentum
  const towards = (before: Node, now: Node): Node => add(before, mul(share, sub(stopGradient(reshape(now, before.shape)), before)))
  const filled = ({ shape }: Node, value: number): Tensor => ({ shape, data: new Float32Array(sizeOf(shape)).fill(value) })
  return [
    { input: running.mean, next: towards(running.mean, batch.mean), start: filled(running.mean, 0) },
    { input: running.variance, next: towards(running.variance, batch.variance), start: filled(running.variance, 1) },
    { input: running.batches, next: batches, start: filled(running.batches, 0) },
  ]
}

function present(...nodes: readonly (Node | undefined)[]): Node[] {
  return nodes.filter((node) => node !== undefined)
}
