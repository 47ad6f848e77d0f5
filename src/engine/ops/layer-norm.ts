import { sizeOf } from '../../tensor.ts'
import { makeNode, type Node, type Operation, type OnnxEmitter, shapeError } from '../graph.ts'
import { mul } from './mul.ts'
import { mean } from './mean.ts'
import { sub } from './sub.ts'
import { add } from './add.ts'
import { reshape } from './reshape.ts'

/** (x - mean) / sqrt(variance + epsilon) and 1 / sqrt(variance + epsilon), over the last axis. */
function moments(node: Node, x: Float64Array, visit: (row: number, mean: number, inverseDeviation: number) => void): void {
  const width = node.inputs[0]!.shape.at(-1)!
  for (let row = 0; row * width < x.length; row++) {
    const values = x.subarray(row * width, (row + 1) * width)
    const center = values.reduce((a, b) => a + b, 0) / width
    const variance = values.reduce((a, b) => a + (b - center) ** 2, 0) / width
    visit(row, center, 1 / Math.sqrt(variance + (node.attributes['epsilon'] as number)))
  }
}

const normaliseOperation: Operation = {
  name: 'normalise',
  evaluate: (node, [x]) => {
    const width = node.shape.at(-1)!
    const out = new Float64Array(x!.length)
    moments(node, x!, (row, center, scale) => {
      for (let i = row * width; i < (row + 1) * width; i++) out[i] = (x![i]! - center) * scale
    })
    return out
  },
  gradient: (node, upstream) => {
    const scale = inverseDeviation(node.inputs[0]!, node.attributes['epsilon'] as number)
    const slope = mean(mul(upstream, node), [-1], { keepDims: true })
    return [mul(scale, sub(sub(upstream, mean(upstream, [-1], { keepDims: true })), mul(node, slope)))]
  },
  lower: (node, [x], output, onnx) => lowerLayerNormalization(node, x!, [output], onnx),
}

const inverseDeviationOperation: Operation = {
  name: 'inverseDeviation',
  evaluate: (node, [x]) => {
    const out = new Float64Array(x!.length / node.inputs[0]!.shape.at(-1)!)
    moments(node, x!, (row, _, scale) => { out[row] = scale })
    return out
  },
  gradient: () => { throw new Error('inverseDeviation stands in the derivative of normalise only, and there are no second derivatives') },
  lower: (node, [x], output, onnx) => lowerLayerNormalization(node, x!, [onnx.fresh(), onnx.fresh(), output], onnx),
}

/** (x - mean) / sqrt(variance + epsilon) over the last axis. */
export function normalise(x: Node, epsilon = 1e-5): Node {
  if (x.shape.length === 0) throw shapeError('normalise', 'there is no last axis', x)
  return makeNode(normaliseOperation, [x], x.shape, { epsilon })
}

function inverseDeviation(x: Node, epsilon: number): Node {
  return makeNode(inverseDeviationOperation, [x], [...x.shape.slice(0, -1), 1], { epsilon })
}

/** Layer normalisation over the last axes, those of gain and bias, mostly [d] (Ba et al., 2016). */
export function layerNorm(x: Node, gain: Node, bias: Node, epsilon = 1e-5): Node {
  const fits = ({ shape }: Node): boolean => shape.join() === x.shape.slice(-gain.shape.length).join()
  if (gain.shape.length === 0 || !fits(gain) || !fits(bias)) throw shapeError('layerNorm', 'gain and bias must have the last extents', x, gain, bias)
  return add(mul(normaliseLast(x, gain.shape.length, epsilon), gain), bias)
}

/** (x - mean) / sqrt(variance + epsilon) over so many last axes. */
function normaliseLast(x: Node, axes: number, epsilon: number): Node {
  const rows = [...x.shape.slice(0, -axes), sizeOf(x.shape.slice(-axes))]
  return reshape(normalise(reshape(x, rows), epsilon), x.shape)
}

function lowerLayerNormalization(node: Node, x: string, outputs: readonly string[], onnx: OnnxEmitter): void {
  const width = node.inputs[0]!.shape.at(-1)!
  const ones = onnx.floats({ shape: [width], data: new Float32Array(width).fill(1) })
  onnx.node('LayerNormalization', [x, ones], outputs, { axis: -1, epsilon: { float: node.attributes['epsilon'] as number } })
}
