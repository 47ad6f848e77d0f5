import type { OnnxEmitter } from '../graph.ts'

// onnx.proto3: TensorProto.DataType
const [FLOAT, BOOL] = [1, 9]

/** The name of a truth value for numbers: false where 0. */
export function emitTruth(x: string, onnx: OnnxEmitter): string {
  const truth = onnx.fresh()
  onnx.node('Cast', [x], [truth], { to: BOOL })
  return truth
}

/** 1 for true and 0 for false, as numbers under the name `output`. */
export function emitNumber(truth: string, output: string, onnx: OnnxEmitter): void {
  onnx.node('Cast', [truth], [output], { to: FLOAT })
}
