import type * as Tfjs from '@tensorflow/tfjs-core'
import type { OnnxAttribute } from '../../graph.ts'

/** The functions of @tensorflow/tfjs-core, which every tfjs package has. */
export type Tf = typeof Tfjs

/** One ONNX operator by tfjs functions. Attributes that are left out have the value that ONNX gives them. */
export type Operator = (call: Call) => Tfjs.Tensor | readonly Tfjs.Tensor[]

/** What an operator is called with. */
export type Call = {
  readonly tf: Tf
  /** An operand; one that is left out is an error. */
  input(index: number): Tfjs.Tensor
  /** The numbers of an operand that is a constant; undefined when it is left out. Anything else is an error. */
  numbers(index: number): readonly number[] | undefined
  readonly inputs: number
  readonly outputs: number
  readonly attributes: Readonly<Record<string, OnnxAttribute>>
  /** A whole number or, as `{ float }`, any other. */
  attribute(name: string, otherwise: number): number
}

/** `count` whole numbers from 0. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

/** An axis counted from the front. */
export function fromFront(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis
}
