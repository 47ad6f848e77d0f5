import type { CarriedState, Node } from '../engine/index.ts'
import type { Tensor } from '../tensor.ts'
import type { ParameterSpec } from './parameter.ts'

export type Nodes = Readonly<Record<string, Node>>

export type Outputs = {
  /** [V, T, e]: what is evaluated. */
  readonly embedding: Node
  /** [V, T, z]: what the loss sees, while training only. */
  readonly projection: Node
  /** What is carried from step to step while training: the `state` of batch normalisations. */
  readonly state?: readonly CarriedState[]
}

/** How frames are numbered for the position the model is told; see `positions`. */
export type Numbering = 'none' | 'index' | 'rescaled'

/** How frames are told apart by their places: sinusoids of their numbers, a `learned` table, a `relative` bias of attention or `rotary` queries and keys, or a `convolution` over the frames around. */
export type PositionRule = Numbering | 'learned' | 'relative' | 'rotary' | 'convolution'

/** A function from batches to embeddings, with the parameters it needs. It knows no data set and no file. */
export type Model = {
  readonly name: string
  readonly config: Readonly<Record<string, number | string>>
  readonly parameters: readonly ParameterSpec[]
  /** e and z: numbers per frame that are evaluated, and that the loss sees. */
  readonly widths: { readonly embedding: number; readonly projection: number }
  /** Shapes of the graph's inputs for V rows of T frames. */
  inputs(rows: number, frames: number): Readonly<Record<string, readonly number[]>>
  /** The tensors of those inputs, from those of a batch that it reads (`ModelInputs`), `mask` and, while training, `start`. `position` overrules how frames are numbered. */
  feeds(tensors: Readonly<Record<string, Tensor>>, options?: { readonly position?: Numbering }): Record<string, Tensor>
  /**
   * `training`: rows b and b + B of 2B are the two views of one clip, which a model may compare; batches are normalised by their own statistics, and numbers dropped. Else every row stands
   * by itself, what compares two views is given the same one twice (CASA's way), and `params` holds what was carried beside the parameters.
   */
  forward(inputs: Nodes, params: Nodes, mode: { readonly training: boolean }): Outputs
}

/** How many numbers a model learns. */
export function parameterCount({ parameters }: Model): number {
  return parameters.reduce((sum, { shape }) => sum + shape.reduce((size, extent) => size * extent, 1), 0)
}
