import type { Parameter } from '../engine/index.ts'
import { sizeOf, type Tensor } from '../tensor.ts'

/** Named parameters as one vector, in the order of the model. */
export function flatten(parameters: readonly Parameter[], named: Readonly<Record<string, Tensor>>): Float32Array {
  const flat = new Float32Array(parameters.reduce((size, { shape }) => size + sizeOf(shape), 0))
  let start = 0
  for (const { name, shape } of parameters) {
    flat.set(named[name]!.data, start)
    start += sizeOf(shape)
  }
  return flat
}

/** The parameters by name; views of the vector. */
export function unflatten(parameters: readonly Parameter[], flat: Float32Array): Record<string, Tensor> {
  let start = 0
  return Object.fromEntries(parameters.map(({ name, shape }) => [name, { shape, data: flat.subarray(start, start += sizeOf(shape)) }]))
}
