import { flatParameters, input, startOf } from '../engine/index.ts'
import type { Tensor } from '../tensor.ts'
import { initialise } from './initialise.ts'
import type { Model } from './model.ts'

/** All that a model computes with, by name: its parameters and what it carried beside them, such as running statistics. */
export type Weights = Readonly<Record<string, Tensor>>

/** The weights of a model that is not trained. */
export function untrainedWeights(model: Model, seed: number): Weights {
  return { ...initialise(model.parameters, seed), ...carriedOf(model) }
}

/** What a model carries from step to step beside its parameters, by name, where it begins; nothing but for models with batch normalisations. */
export function carriedOf(model: Model): Record<string, Tensor> {
  const [rows, frames] = [2, 8]
  const inputs = Object.fromEntries(Object.entries(model.inputs(rows, frames)).map(([name, shape]) => [name, input(name, shape)]))
  return startOf(model.forward(inputs, flatParameters(model.parameters).params, { training: true }).state ?? [])
}

/** Name and shape of each of a model's weights, parameters first. */
export function weightShapes(model: Model): { readonly name: string; readonly shape: readonly number[] }[] {
  return [...model.parameters, ...Object.entries(carriedOf(model)).map(([name, { shape }]) => ({ name, shape }))]
}
