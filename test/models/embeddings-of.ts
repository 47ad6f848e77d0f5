import { constant, evaluate } from '../../src/engine/index.ts'
import { type Model, untrainedWeights } from '../../src/models/index.ts'
import { randomAt } from '../../src/random.ts'
import type { Tensor } from '../../src/tensor.ts'

/** What an untrained model makes of rows with so many frames each that are no padding, in float64: the reference, operation by operation. */
export function embeddingsOf(model: Model, tensors: Readonly<Record<string, Tensor>>, lengths: readonly number[], { training = false } = {}): { readonly shape: readonly number[]; readonly data: Float64Array } {
  const frames = Object.values(tensors)[0]!.shape[1]!
  const mask = { shape: [lengths.length, frames], data: Float32Array.from(lengths.flatMap((length) => Array.from({ length: frames }, (_, frame) => Number(frame < length)))) }
  const constants = (values: Readonly<Record<string, Tensor>>) => Object.fromEntries(Object.entries(values).map(([name, tensor]) => [name, constant(tensor)]))
  const { embedding } = model.forward(constants(model.feeds({ ...tensors, mask })), constants(untrainedWeights(model, 3)), { training })
  const [data] = evaluate([embedding], {})
  return { shape: embedding.shape, data: Float64Array.from(data!) }
}

/** `frames` times `perFrame` numbers in 0..1. */
export function numbersOf(seed: number, frames: number, perFrame: number): number[] {
  const random = randomAt({ seed })
  return Array.from({ length: frames * perFrame }, () => random.uniform())
}
