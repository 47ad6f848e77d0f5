import { sizeOf } from '../../tensor.ts'
import { makeNode, type Node, type Operation } from '../graph.ts'
import { mul } from './mul.ts'
import { emitReshape, reshape } from './reshape.ts'
import { sum } from './sum.ts'

const operation: Operation = {
  name: 'weightedSum',
  evaluate: ({ shape, inputs }, [x, weights]) => {
    const width = sizeOf(inputs[1]!.shape)
    return Float64Array.from({ length: sizeOf(shape) }, (_, row) => weights!.reduce((total, weight, i) => total + weight * x![row * width + i]!, 0))
  },
  gradient: ({ inputs: [x, weights] }, upstream) => [mul(upstream, weights!), sum(mul(x!, upstream), [...x!.shape.keys()].slice(0, -1))],
  lower: (node, [x, weights], output, onnx) => {
    const column = onnx.fresh()
    emitReshape(weights!, [node.inputs[1]!.shape[0]!, 1], column, onnx)
    onnx.node('MatMul', [x!, column], [output])
  },
}

/** Sums over the last axis of x [..., d] in which every number counts by its weight [d]: [..., 1]. A product of a matrix and a vector, in one pass, of float32 also among float16. */
export function weightedSum(x: Node, weights: Node): Node {
  return makeNode(operation, [x, reshape(weights, [x.shape.at(-1)!])], [...x.shape.slice(0, -1), 1])
}
