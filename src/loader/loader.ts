import { setImmediate } from 'node:timers/promises'
import type { Batch, LoaderState } from '../batch.ts'
import type { Hash } from '../hash.ts'
import type { BatchMaker, MadeBatch } from './batch-maker.ts'
import { type BadClips, badClips, type OnBad, type Tried } from './bad-clips.ts'
import type { Resizing } from './frames/index.ts'
import { checkSizes } from './check-sizes.ts'
import type { Plan } from './plan.ts'
import type { SampleRef } from './sample.ts'
import { identityOf, resumedAt, stateAt } from './state.ts'

/** Batches in an order that depends on clips, plan, seed and epoch only. Iterating again goes on where it stopped; two iterations at once do not share the batches out, but have some in common. */
export type Loader = AsyncIterable<Batch> & {
  /** After the last batch that was handed out. */
  state(): LoaderState
  /** Batches from the very first to the last, those before a resume included. */
  readonly steps: number
  /** Clips of the batches handed out that could not be read and were replaced, each once: the same whatever makes the batches. */
  readonly bad: BadClips['list']
}

export type LoaderOptions = {
  readonly plan: Plan
  readonly split: Hash
  readonly root: Hash
  /** How small its pictures were made, once; left out: they are as the store has them, or there are none. */
  readonly pictures?: Resizing | null
  /** Samples of a batch, over all ranks together. */
  readonly batchSize: number
  /** Infinity = until it is left. */
  readonly epochs: number
  /** This process's part of every batch: rank `rank` of `size` has samples rank x B / size to (rank + 1) x B / size. */
  readonly world?: { readonly rank: number; readonly size: number }
  /**
   * `fill`: the last batch is filled from the epoch after the last. `short`: it ends where the last epoch ends, and takes from the epoch after it as many samples as it lacks for each rank
   * to have equally many, fewer than there are ranks.
   */
  readonly lastBatch?: 'fill' | 'short'
  readonly state?: LoaderState
  readonly onBad?: OnBad
  /** Mends training shards that are not as they were written (E_SHARD_DAMAGED). */
  readonly heal?: () => Promise<unknown>
  readonly signal?: AbortSignal
  /** Opens what makes the batches; called when iterating begins, and closed when it ends, however it ends. */
  readonly maker: () => BatchMaker | Promise<BatchMaker>
}

/**
 * Hands out the samples of a plan, batch after batch without regard to where an epoch ends. Throws what `checkSizes` refuses (E_LOADER_WORLD for a batch
 * that cannot be divided, and the like), and E_LOADER_STATE for a state of another split, root, seed, plan, size of pictures or number of samples.
 */
export function createLoader({ plan, split, root, pictures = null, batchSize, epochs, world = { rank: 0, size: 1 }, lastBatch = 'fill', state, onBad, heal, signal, maker: open }: LoaderOptions): Loader {
  const identity = identityOf({ split, root, seed: plan.seed, plan: plan.isPlain ? null : plan.hash, pictures })
  checkSizes({ plan, batchSize, epochs, world })
  const total = plan.samplesPerEpoch * epochs
  const at = (next: number): LoaderState => stateAt(identity, next, plan.samplesPerEpoch)
  let next = state === undefined ? 0 : resumedAt(state, identity, plan.samplesPerEpoch)
  const bad = badClips({ plan, onBad, heal })
  const end = (first: number): number => first + (lastBatch === 'fill' ? batchSize : Math.min(batchSize, Math.ceil((total - first) / world.size) * world.size))

  async function* batches(): AsyncGenerator<Batch> {
    signal?.throwIfAborted()
    const maker = await open()
    const { burst = 1 } = maker
    const under: (Tried | Promise<Tried>)[] = []
    const held: MadeBatch[] = []
    let [asked, turn] = [next, performance.now()]
    try {
      for (let first = next; first < total; first = end(first)) {
        if (held.length === 2) held.shift()!.release()
        if (under.length <= maker.ahead - burst) {
          for (; under.length < maker.ahead && asked < total; asked = end(asked)) under.push(handled(bad.make(maker, partOf(plan, world, asked, end(asked)))))
        }
        const tried = under.shift()!
        signal?.throwIfAborted()
        const ready = tried instanceof Promise ? await unlessAborted(tried, signal) : tried
        if (performance.now() - turn > turnMs) {
          await setImmediate()
          turn = performance.now()
          signal?.throwIfAborted()
        }
        const made = bad.accept(ready)
        held.push(made)
        next = end(first)
        const { ids, partners, tensors, bytes } = made
        const batch = { ids, epoch: Math.floor(first / plan.samplesPerEpoch), tensors, bytes, state: at(next) }
        yield partners === undefined ? batch : { ...batch, partners }
      }
    } finally {
      await Promise.allSettled(under)
      await maker.close()
    }
  }
  return { [Symbol.asyncIterator]: batches, state: () => at(next), steps: Math.ceil(total / batchSize), bad: bad.list }
}

/** How long batches may follow one another without a turn of the event loop, in which signals and timers are heard. */
const turnMs = 10

/** The samples of a rank's part of samples [first, end), whose number `size` divides. */
function partOf(plan: Plan, { rank, size }: { rank: number; size: number }, first: number, end: number): { first: number; samples: SampleRef[] } {
  const samples = (end - first) / size
  const from = first + rank * samples
  const refs: SampleRef[] = []
  for (let sample = from; sample < from + samples; sample++) refs.push(plan.sampleAt(sample))
  return { first: from, samples: refs }
}

/** Marks a promise as looked after: it is awaited later, or given up with the rest. */
function handled<T>(made: T | Promise<T>): T | Promise<T> {
  if (made instanceof Promise) made.catch(() => {})
  return made
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  let stop = (): void => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error)
    signal.addEventListener('abort', stop, { once: true })
  })
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', stop))
}
