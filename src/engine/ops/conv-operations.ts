import { sizeOf } from '../../tensor.ts'
import { makeNode, type Node, type Operation } from '../graph.ts'
import { type Form, lowerForward, lowerTransposed, lowerWeights } from './conv-lower.ts'
import { sum } from './sum.ts'
import { windowPlaces } from './windows.ts'

/** What of a convolution its tensors' shapes do not say. */
type Geometry = Omit<Form, 'x' | 'w' | 'y'>

/**
 * A convolution is one form of three tensors, the sum of x[place] w[tap] y[window] over all taps of all windows. Its derivative by any of the three, given
 * the other two, is one of these operations, so that their own derivatives are among them again.
 */
const convolveOperation: Operation = {
  name: 'conv',
  evaluate: (node, [x, w, bias]) => {
    const positions = sizeOf(node.shape.slice(2))
    const y = new Float64Array(sizeOf(node.shape)).map((_, i) => bias?.[Math.floor(i / positions) % node.shape[1]!] ?? 0)
    forEachProduct(formOf(node), (i, j, k) => { y[k]! += x![i]! * w![j]! })
    return y
  },
  gradient: (node, upstream) => {
    const [x, w, bias] = node.inputs as [Node, Node, Node?]
    const geometry = geometryOf(node)
    const biases = bias === undefined ? [] : [sum(upstream, [...upstream.shape.keys()].filter((axis) => axis !== 1))]
    return [transposed(upstream, w, x.shape, geometry), weightsOf(x, upstream, w.shape, geometry), ...biases]
  },
  lower: (node, inputs, output, onnx) => lowerForward(formOf(node), inputs, output, onnx),
}

const transposedOperation: Operation = {
  name: 'convTranspose',
  evaluate: (node, [y, w]) => {
    const x = new Float64Array(sizeOf(node.shape))
    forEachProduct(formOf(node), (i, j, k) => { x[i]! += y![k]! * w![j]! })
    return x
  },
  gradient: (node, upstream) => {
    const [y, w] = node.inputs as [Node, Node]
    const geometry = geometryOf(node)
    return [convolve(upstream, w, undefined, y.shape, geometry), weightsOf(upstream, y, w.shape, geometry)]
  },
  lower: (node, [y, w], output, onnx) => lowerTransposed(formOf(node), y!, w!, output, onnx),
}

const weightsOperation: Operation = {
  name: 'convWeights',
  evaluate: (node, [x, y]) => {
    const w = new Float64Array(sizeOf(node.shape))
    forEachProduct(formOf(node), (i, j, k) => { w[j]! += x![i]! * y![k]! })
    return w
  },
  gradient: (node, upstream) => {
    const [x, y] = node.inputs as [Node, Node]
    const geometry = geometryOf(node)
    return [transposed(y, upstream, x.shape, geometry), convolve(x, upstream, undefined, y.shape, geometry)]
  },
  lower: (node, [x, y], output, onnx) => lowerWeights(formOf(node), x!, y!, output, onnx),
}

/** y [N, O, windows] of x [N, C, extents] and w [O, C / groups, kernel], plus a bias [O]. */
export function convolve(x: Node, w: Node, bias: Node | undefined, shape: readonly number[], geometry: Geometry): Node {
  return makeNode(convolveOperation, bias === undefined ? [x, w] : [x, w, bias], shape, geometry)
}

/** x of y and w. */
export function transposed(y: Node, w: Node, shape: readonly number[], geometry: Geometry): Node {
  return makeNode(transposedOperation, [y, w], shape, geometry)
}

/** w of x and y. */
function weightsOf(x: Node, y: Node, shape: readonly number[], geometry: Geometry): Node {
  return makeNode(weightsOperation, [x, y], shape, geometry)
}

function geometryOf({ attributes }: Node): Geometry {
  return attributes as Geometry
}

function formOf(node: Node): Form {
  const [first, second] = [node.inputs[0]!.shape, node.inputs[1]!.shape]
  const shapes = node.operation === convolveOperation ? { x: first, w: second, y: node.shape }
    : node.operation === transposedOperation ? { x: node.shape, w: second, y: first }
    : { x: first, w: node.shape, y: second }
  return { ...geometryOf(node), ...shapes }
}

/** Visits the index into x, w and y of each product, one after the other: the definition. */
function forEachProduct(form: Form, visit: (x: number, w: number, y: number) => void): void {
  const { x, w, y, groups } = form
  const [windows, taps, places] = [sizeOf(y.slice(2)), sizeOf(form.kernel), sizeOf(x.slice(2))]
  const table = windowPlaces(x.slice(2), y.slice(2), form)
  for (let row = 0; row < x[0]! * w[0]!; row++) {
    const filter = row % w[0]!
    const firstChannel = Math.floor(row / w[0]!) * x[1]! + Math.floor(filter / (w[0]! / groups)) * w[1]!
    for (let channel = 0; channel < w[1]!; channel++) {
      for (let i = 0; i < table.length; i++) {
        if (table[i]! >= 0) visit((firstChannel + channel) * places + table[i]!, (filter * w[1]! + channel) * taps + (i % taps), row * windows + Math.floor(i / taps))
      }
    }
  }
}
