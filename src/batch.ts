import { z } from 'zod'
import type { Hash } from './hash.ts'
import type { ByteTensor, Tensor } from './tensor.ts'

/** Where a loader stands: all that is needed to go on exactly, at most 200 bytes as JSON. */
export type LoaderState = {
  readonly format: 1
  /** The first 32 digits of the hash of the split, and of the root of the store: 128 bits. */
  readonly split: Hash
  readonly root: Hash
  readonly seed: number
  /** The first 16 digits of the hash of the plan: windows, weights, pairs and the like; absent = every clip once an epoch. */
  readonly plan?: Hash
  readonly epoch: number
  /** Samples handed out since the start of training, over all epochs. */
  readonly next: number
}

const whole = z.int().min(0)

/** A loader's state, as JSON has it. */
export const loaderState = z.strictObject({ format: z.literal(1), split: z.string(), root: z.string(), seed: whole, plan: z.string().exactOptional(), epoch: whole, next: whole })

/** What one step sees: the whole batch, or the part of one of several ranks. */
export type Batch = {
  /** The clip of each sample, in order. */
  readonly ids: readonly string[]
  /** The other clip of each sample, whom its second view is of, where samples are pairs. */
  readonly partners?: readonly string[]
  readonly epoch: number
  /**
   * Named inputs of the model and its loss, first axis = samples (or views x samples). Buffers are used again: a batch is valid until the next but one is
   * asked for.
   */
  readonly tensors: Readonly<Record<string, Tensor>>
  /** Those of bytes: pictures, compact heatmaps. */
  readonly bytes: Readonly<Record<string, ByteTensor>>
  /** The state after this batch. */
  readonly state: LoaderState
}
