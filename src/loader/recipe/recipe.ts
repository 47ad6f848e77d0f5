import { type ByteTensor, sizeOf, type Tensor } from '../../tensor.ts'
import type { ClipSource } from '../clip-source.ts'
import type { SampleRef } from '../sample.ts'

export type TensorSpec = { readonly dtype: 'float32' | 'uint8'; readonly shape: readonly number[] }

/** The tensors of a batch by name: float32 ones, and those of bytes. */
export type BatchTensors = { readonly tensors: Readonly<Record<string, Tensor>>; readonly bytes: Readonly<Record<string, ByteTensor>> }

/** What the tensors of a batch hold, and how they are filled. The first axis of each is rows: samples, or views x samples with view 0 of all samples first. */
export type Recipe = {
  /** The tensors of a batch of so many samples. */
  layout(samples: number): Readonly<Record<string, TensorSpec>>
  /** Fills the rows of a sample, number `at` of a batch of `samples`, in every tensor, to the last element; what was there is of no account. */
  draw(source: ClipSource, ref: SampleRef, place: { readonly at: number; readonly samples: number }, out: BatchTensors): void | Promise<void>
}

/** Bytes of a batch with every tensor at a multiple of 64. */
export function bytesOfLayout(layout: Readonly<Record<string, TensorSpec>>): number {
  return Object.values(layout).reduce((bytes, spec) => bytes + paddedBytes(spec), 0)
}

/** Tensors of a layout over a piece of memory, one after the other in the order of their names, each at a multiple of 64 bytes. */
export function tensorsOn(memory: ArrayBufferLike, start: number, layout: Readonly<Record<string, TensorSpec>>): BatchTensors {
  const tensors: Record<string, Tensor> = {}
  const bytes: Record<string, ByteTensor> = {}
  let at = start
  for (const [name, spec] of Object.entries(layout).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { dtype, shape } = spec
    if (dtype === 'float32') tensors[name] = { shape, data: new Float32Array(memory, at, sizeOf(shape)) }
    else bytes[name] = { shape, data: new Uint8Array(memory, at, sizeOf(shape)) }
    at += paddedBytes(spec)
  }
  return { tensors, bytes }
}

function paddedBytes({ dtype, shape }: TensorSpec): number {
  return Math.ceil((sizeOf(shape) * (dtype === 'float32' ? 4 : 1)) / 64) * 64
}
