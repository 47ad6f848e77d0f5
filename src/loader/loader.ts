import type { Batch, LoaderState } from '../batch.ts'
import type { Clip } from '../clip.ts'
import { ToolkitError } from '../errors.ts'
import type { Hash } from '../hash.ts'
import { type Order, orderOf } from './permutation.ts'

/** One clip of one epoch: what a batch is made of. */
export type Sample = { readonly clip: Clip; readonly epoch: number }

/** Makes the tensors of a batch; it may use the memory of the batch before the last again. */
export type Collate = (samples: readonly Sample[]) => Batch['tensors']

/** Batches in an order that depends on clips, seed and epoch only. Iterating again goes on where it stopped. */
export type Loader = AsyncIterable<Batch> & {
  /** After the last batch that was handed out. */
  state(): LoaderState
  /** Batches from the very first to the last, those before a resume included. */
  readonly steps: number
}

export type LoaderOptions = {
  readonly clips: readonly Clip[]
  readonly split: Hash
  readonly root: Hash
  readonly seed: number
  readonly batchSize: number
  readonly epochs: number
  readonly state?: LoaderState
  readonly collate: Collate
}

/**
 * Hands out every clip once per epoch in a new order, batch after batch without regard to where an epoch ends; the last batch is filled from the epoch
 * after the last. Throws E_LOADER_EMPTY without clips, and E_LOADER_STATE for a state of another split, root, seed or number of clips.
 */
export function createLoader({ split, root, seed, batchSize, epochs, state, collate, ...options }: LoaderOptions): Loader {
  const clips = [...options.clips].sort((a, b) => (a.id < b.id ? -1 : 1))
  if (clips.length === 0) throw new ToolkitError('E_LOADER_EMPTY', `split ${shortened(split)} has no clip to train on`)
  const total = clips.length * epochs
  const start: LoaderState = { format: 1, split: shortened(split), root: shortened(root), seed, epoch: 0, next: 0 }
  const sampleAt = samplesOf(clips, seed)
  let next = state === undefined ? 0 : checked(state, start, clips.length)
  const stateAt = (next: number) => ({ ...start, epoch: Math.floor(next / clips.length), next })

  async function* batches(): AsyncGenerator<Batch> {
    while (next < total) {
      const first = next
      const samples = Array.from({ length: batchSize }, (_, i) => sampleAt(first + i))
      const tensors = collate(samples)
      next = first + batchSize
      yield { ids: samples.map(({ clip }) => clip.id), epoch: samples[0]!.epoch, tensors, state: stateAt(next) }
    }
  }
  return { [Symbol.asyncIterator]: batches, state: () => stateAt(next), steps: Math.ceil(total / batchSize) }
}

/** The sample with a global number. The order of the epoch at hand is kept, the next one made when it is needed. */
function samplesOf(clips: readonly Clip[], seed: number): (number: number) => Sample {
  let kept: { epoch: number; order: Order } | null = null
  return (number) => {
    const epoch = Math.floor(number / clips.length)
    if (kept?.epoch !== epoch) kept = { epoch, order: orderOf(clips.length, { seed, epoch }) }
    return { clip: clips[kept.order(number % clips.length)]!, epoch }
  }
}

/** The first 32 digits, 128 bits: so that a state is at most 200 bytes whatever its numbers are. */
function shortened(hash: Hash): Hash {
  return hash.slice(0, 32)
}

function checked(state: LoaderState, here: LoaderState, clips: number): number {
  if (state.format !== 1) throw refused(`the loader state has format ${String(state.format)}, this version reads format 1`)
  for (const name of ['split', 'root', 'seed'] as const) {
    if (state[name] !== here[name]) throw refused(`the loader state belongs to ${name} ${state[name]}, not to ${name} ${here[name]}`)
  }
  if (!Number.isSafeInteger(state.next) || state.next < 0 || state.epoch !== Math.floor(state.next / clips)) {
    throw refused(`the loader state stands at sample ${state.next} of epoch ${state.epoch}, which ${clips} clips do not have`)
  }
  return state.next
}

function refused(message: string): ToolkitError {
  return new ToolkitError('E_LOADER_STATE', message, { hint: 'Resume with the store, split and seed the run began with, or start a new run.' })
}
