import { sizeOf } from '../../tensor.ts'
import { node, notNegative, optional } from '../arguments.ts'
import { checked } from '../checked.ts'
import { makeNode, type Node, type Operation, type OnnxEmitter, shapeError } from '../graph.ts'
import { div } from './div.ts'
import { mul } from './mul.ts'
import { mean } from './mean.ts'
import { sub } from './sub.ts'
import { add } from './add.ts'
import { neg } from './neg.ts'
import { reshape } from './reshape.ts'
import { square } from './square.ts'
import { sum } from './sum.ts'
import { weightedSum } from './weighted-sum.ts'
import { withGradient } from './with-gradient.ts'

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
    const scale = inverseDeviation(node)
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
  gradient: (node, upstream) => {
    const width = node.inputs[0]!.shape.at(-1)!
    return [mul(node.inputs[1]!, neg(div(mul(upstream, square(node)), width))), null]
  },
  // not as a third output of what normalised x: that is missing on WebGPU (ONNX Runtime 1.30)
  lower: (node, [x], output, onnx) => lowerLayerNormalization(node, x!, [onnx.fresh(), onnx.fresh(), output], onnx),
}

/** (x - mean) / sqrt(variance + epsilon) over the last axis. */
export const normalise = checked('normalise', { x: node, epsilon: optional(notNegative) }, (x: Node, epsilon = 1e-5): Node => {
  if (x.shape.length === 0) throw shapeError('normalise', 'there is no last axis', x)
  return makeNode(normaliseOperation, [x], x.shape, { epsilon })
})

/** 1 / sqrt(variance + epsilon) of what was normalised. */
export function inverseDeviation(normalised: Node): Node {
  return makeNode(inverseDeviationOperation, [normalised.inputs[0]!, normalised], [...normalised.shape.slice(0, -1), 1], normalised.attributes)
}

/** Layer normalisation over the last axes, those of gain and bias, mostly [d] (Ba et al., 2016). Its derivative is in closed form: fewer passes over memory. */
export const layerNorm = checked('layerNorm', { x: node, gain: node, bias: node, epsilon: optional(notNegative) }, (x: Node, gain: Node, bias: Node, epsilon = 1e-5): Node => {
  const fits = ({ shape }: Node): boolean => shape.join() === x.shape.slice(-gain.shape.length).join()
  if (gain.shape.length === 0 || !fits(gain) || !fits(bias)) throw shapeError('layerNorm', 'gain and bias must have the last extents', x, gain, bias)
  const width = sizeOf(gain.shape)
  const lead = x.shape.slice(0, -gain.shape.length)
  const inRows = (node: Node): Node => reshape(node, [...lead, width])
  const normalised = normalise(inRows(x), epsilon)
  const y = add(mul(reshape(normalised, x.shape), gain), bias)
  return withGradient('layerNorm', y, [x, gain, bias], (upstream) => {
    const [arriving, gains, scale] = [inRows(upstream), reshape(gain, [width]), inverseDeviation(normalised)]
    const product = mul(arriving, normalised)
    const shares = div(gains, width)
    const rows = [...lead.keys()]
    const dx = mul(scale, sub(sub(mul(arriving, gains), weightedSum(arriving, shares)), mul(normalised, weightedSum(product, shares))))
    return [reshape(dx, x.shape), reshape(sum(product, rows), gain.shape), reshape(sum(arriving, rows), bias.shape)]
  })
})

function lowerLayerNormalization(node: Node, x: string, outputs: readonly string[], onnx: OnnxEmitter): void {
  const width = node.inputs[0]!.shape.at(-1)!
  const ones = onnx.floats({ shape: [width], data: new Float32Array(width).fill(1) })
  onnx.node('LayerNormalization', [x, ones], outputs, { axis: -1, epsilon: { float: node.attributes['epsilon'] as number } })
}
