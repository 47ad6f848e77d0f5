import type { Tensor } from '../../src/tensor.ts'

/** sin((i + shift) (k + 1) 0.37) + 0.3 cos(i k) as float32: what bench/peers/eval_reference.py gives to scikit-learn. */
export function features(rows: number, dims: number, shift = 0): Tensor {
  const value = (i: number, k: number) => Math.sin((i + shift) * (k + 1) * 0.37) + 0.3 * Math.cos(i * k)
  return { shape: [rows, dims], data: Float32Array.from({ length: rows * dims }, (_, at) => value(Math.floor(at / dims), at % dims)) }
}

/** Classes in rising order with every seventh row moved to the next one. */
export function classLabels(rows: number, classes: number): number[] {
  return Array.from({ length: rows }, (_, i) => (Math.floor((i * classes) / rows) + (i % 7 === 0 ? 1 : 0)) % classes)
}
