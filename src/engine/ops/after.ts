import { sizeOf } from '../../tensor.ts'
import { makeNode, type Node, type Operation } from '../graph.ts'
import { reshape } from './reshape.ts'
import { slice } from './slice.ts'

const operation: Operation = {
  name: 'after',
  evaluate: (_, [x]) => x!,
  gradient: ({ inputs }, upstream) => [upstream, ...inputs.slice(1).map(() => null)],
  lower: (_, [x, ...heads], output, onnx) => {
    // a choice between x and x by numbers of the others: nothing an optimiser takes for x, and a copy bit for bit
    const [all, most, isNumber] = [onnx.fresh(), onnx.fresh(), onnx.fresh()]
    onnx.node('Concat', heads, [all], { axis: 0 })
    onnx.node('ReduceMax', [all, onnx.integers([0])], [most], { keepdims: 0 })
    onnx.node('Equal', [most, most], [isNumber])
    onnx.node('Where', [isNumber, x!, x!], [output])
  },
}

/** x, which nothing computes or reads before the others are there. For the order of work: the value is x, and derivatives flow to x alone. */
export function after(x: Node, others: readonly Node[]): Node {
  const present = others.filter(({ shape }) => sizeOf(shape) > 0)
  const heads = present.map((other) => slice(reshape(other, [sizeOf(other.shape)]), 0, 0, 1))
  return heads.length === 0 ? x : makeNode(operation, [x, ...heads], x.shape)
}
