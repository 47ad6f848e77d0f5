import { constant, gradients, type Graph, input, mul, type Node, reshape, sum } from '../../src/engine/index.ts'
import { randomAt } from '../../src/random.ts'
import { sizeOf, type Tensor } from '../../src/tensor.ts'

/** An operation with its options on inputs of given shapes: one line of a table in `cases/`. */
export type Case = {
  readonly title: string
  readonly shapes: readonly (readonly number[])[]
  readonly make: (...inputs: Node[]) => Node
  /** Inputs are drawn from [above, above + spread); -1 and 2 when left out. */
  readonly above?: number
  readonly spread?: number
  /** What is fed in place of drawn numbers, input by input; undefined = drawn. */
  readonly feeds?: readonly (readonly number[] | undefined)[]
  /** The absolute tolerance on WebGPU where that promises less of a function than 1e-5. */
  readonly webgpuAtol?: number
  /** The inputs of which derivatives are taken, by position; all when left out. */
  readonly differentiable?: readonly number[]
}

/** A case as a graph: outputs `result` and, for inputs `x0`, `x1`, ..., the derivatives of `loss` `d0`, `d1`, ..., which `derivatives` has by the input's name. */
export type Problem = { readonly graph: Graph; readonly feeds: Readonly<Record<string, Tensor>>; readonly loss: Node; readonly derivatives: Readonly<Record<string, Node>> }

/** The loss is a sum in which every element of the result counts differently. */
export function problemOf({ shapes, make, above = -1, spread = 2, feeds = [], differentiable = [...shapes.keys()] }: Case): Problem {
  const inputs = shapes.map((shape, i) => input(`x${i}`, shape))
  const result = make(...inputs)
  const loss = sum(reshape(mul(result, constant(drawn(result.shape, 99, -1, 2))), [sizeOf(result.shape)]), [0])
  const derivatives = gradients(loss, differentiable.map((i) => inputs[i]!))
  const fed = shapes.map((shape, i) => [`x${i}`, feeds[i] === undefined ? drawn(shape, i, above, spread) : { shape, data: Float32Array.from(feeds[i]) }] as const)
  return {
    graph: { inputs, state: [], outputs: { result, ...Object.fromEntries(derivatives.map((node, i) => [`d${differentiable[i]}`, node])) } },
    feeds: Object.fromEntries(fed), loss, derivatives: Object.fromEntries(derivatives.map((node, i) => [`x${differentiable[i]}`, node])),
  }
}

/** Uniform numbers in [above, above + spread), the same for the same stream. */
function drawn(shape: readonly number[], stream: number, above: number, spread: number): Tensor {
  const random = randomAt({ seed: 7, transform: `ops ${stream}` })
  return { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => random.between(above, above + spread)) }
}
