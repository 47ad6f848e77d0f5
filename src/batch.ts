import type { Hash } from './hash.ts'
import type { Tensor } from './tensor.ts'

/** Where a loader stands: all that is needed to go on exactly, at most 200 bytes as JSON. */
export type LoaderState = {
  readonly format: 1
  /** The first 32 digits of the hash of the split, and of the root of the store: 128 bits. */
  readonly split: Hash
  readonly root: Hash
  readonly seed: number
  readonly epoch: number
  /** Samples handed out since the start of training, over all epochs. */
  readonly next: number
}

/** What one step sees. */
export type Batch = {
  /** The clip of each sample, in order. */
  readonly ids: readonly string[]
  readonly epoch: number
  /**
   * Named inputs of the model and its loss, first axis = samples (or views x samples). A loader uses two sets of buffers in turn: a batch is valid
   * until the next but one is asked for.
   */
  readonly tensors: Readonly<Record<string, Tensor>>
  /** The state after this batch. */
  readonly state: LoaderState
}
