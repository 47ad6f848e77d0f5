import type { Tensor } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../../tensor.ts'
import { broadcastShapes } from '../../graph.ts'
import type { Call, Operator, Tf } from './operator.ts'

/** ONNX's TensorProto.DataType as tfjs's; int64 is int32 here: what is counted fits. */
const DTYPES: Readonly<Record<number, 'float32' | 'int32' | 'bool'>> = { 1: 'float32', 6: 'int32', 7: 'int32', 9: 'bool' }

/** Operators on each element by itself, with numpy's broadcasting. */
export const elementwise: Readonly<Record<string, Operator>> = {
  Add: binary((tf, a, b) => tf.add(a, b)),
  Sub: binary((tf, a, b) => tf.sub(a, b)),
  Mul: binary((tf, a, b) => tf.mul(a, b)),
  Div: binary((tf, a, b) => tf.div(a, b)),
  Pow: binary((tf, a, b) => tf.pow(a, b)),
  Mod: binary((tf, a, b) => tf.mod(a, b)),
  Max: folded((tf, a, b) => keepingNan(tf, a, b, tf.maximum(a, b))),
  Min: folded((tf, a, b) => keepingNan(tf, a, b, tf.minimum(a, b))),
  Sum: folded((tf, a, b) => tf.add(a, b)),
  Greater: binary((tf, a, b) => tf.greater(a, b)),
  GreaterOrEqual: binary((tf, a, b) => tf.greaterEqual(a, b)),
  Less: binary((tf, a, b) => tf.less(a, b)),
  LessOrEqual: binary((tf, a, b) => tf.lessEqual(a, b)),
  Equal: binary((tf, a, b) => tf.equal(a, b)),
  And: binary((tf, a, b) => tf.logicalAnd(a, b)),
  Or: binary((tf, a, b) => tf.logicalOr(a, b)),
  Not: unary((tf, x) => tf.logicalNot(x)),
  Neg: unary((tf, x) => tf.neg(x)),
  Abs: unary((tf, x) => tf.abs(x)),
  Exp: unary((tf, x) => tf.exp(x)),
  Log: unary((tf, x) => tf.log(x)),
  Sqrt: unary((tf, x) => tf.sqrt(x)),
  Reciprocal: unary((tf, x) => tf.div(1, x)),
  Sin: unary((tf, x) => tf.sin(x)),
  Cos: unary((tf, x) => tf.cos(x)),
  Acos: unary((tf, x) => tf.acos(x)),
  Atan: unary((tf, x) => tf.atan(x)),
  Atanh: unary((tf, x) => tf.atanh(x)),
  Tanh: unary((tf, x) => tf.tanh(x)),
  Sigmoid: unary((tf, x) => tf.sigmoid(x)),
  Softplus: unary((tf, x) => tf.softplus(x)),
  Relu: unary((tf, x) => tf.relu(x)),
  Erf: unary((tf, x) => tf.erf(x)),
  Floor: unary((tf, x) => tf.floor(x)),
  Ceil: unary((tf, x) => tf.ceil(x)),
  Round: unary((tf, x) => tf.round(x)),
  IsNaN: unary((tf, x) => tf.isNaN(x)),
  IsInf: unary((tf, x) => tf.isInf(x)),
  Identity: unary((tf, x) => tf.clone(x)),
  Gelu: unary((tf, x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1))),
  LeakyRelu: ({ tf, input, attribute }) => tf.leakyRelu(input(0), attribute('alpha', 0.01)),
  Elu: ({ tf, input, attribute }) => {
    const x = input(0)
    return tf.where(tf.greater(x, 0), x, tf.mul(tf.sub(tf.exp(tf.minimum(x, 0)), 1), attribute('alpha', 1)))
  },
  HardSigmoid: ({ tf, input, attribute }) => tf.clipByValue(tf.add(tf.mul(input(0), attribute('alpha', 0.2)), attribute('beta', 0.5)), 0, 1),
  Clip: ({ tf, input, numbers }) => {
    const x = input(0)
    const bound = (index: number): Tensor | null => (numbers(index) === undefined ? null : tf.scalar(numbers(index)![0]!, x.dtype as 'float32'))
    const [least, most] = [bound(1), bound(2)]
    const above = least === null ? x : tf.maximum(x, least)
    return keepingNan(tf, x, x, most === null ? above : tf.minimum(above, most))
  },
  Where: ({ tf, input }) => tf.where(input(0), input(1), input(2)),
  Cast: (call) => {
    const dtype = DTYPES[call.attribute('to', 1)]
    if (dtype === undefined) throw new Error(`tfjs has no element type ${call.attribute('to', 1)}`)
    return call.tf.cast(call.input(0), dtype)
  },
}

function unary(of: (tf: Tf, x: Tensor) => Tensor): Operator {
  return ({ tf, input }) => of(tf, input(0))
}

function binary(of: (tf: Tf, a: Tensor, b: Tensor) => Tensor): Operator {
  return ({ tf, input }) => paired(tf, input(0), input(1), of)
}

/** tfjs's kernels repeat along six axes at most, WebAssembly's answer anything beyond: then each side is repeated and laid flat before it. */
function paired(tf: Tf, a: Tensor, b: Tensor, of: (tf: Tf, a: Tensor, b: Tensor) => Tensor): Tensor {
  if (a.rank <= 6 && b.rank <= 6) return of(tf, a, b)
  const shape = broadcastShapes(a.shape, b.shape)!
  const flat = (x: Tensor): Tensor => tf.reshape(tf.broadcastTo(x, shape), [sizeOf(shape)])
  return tf.reshape(of(tf, flat(a), flat(b)), shape)
}

/** WebAssembly's minimum and maximum overlook a side that is no number. */
function keepingNan(tf: Tf, a: Tensor, b: Tensor, found: Tensor): Tensor {
  if (tf.getBackend() !== 'wasm') return found
  return tf.where(tf.notEqual(a, a), a, tf.where(tf.notEqual(b, b), b, found))
}

/** An operator of any number of operands. */
function folded(of: (tf: Tf, a: Tensor, b: Tensor) => Tensor): Operator {
  return ({ tf, input, inputs }: Call) => Array.from({ length: inputs - 1 }, (_, i) => input(i + 1)).reduce((total, next) => paired(tf, total, next, of), input(0))
}
