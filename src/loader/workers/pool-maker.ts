import type { Worker } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { ToolkitError } from '../../errors.ts'
import { unpackFailure } from '../../thread-failure.ts'
import { createMemory } from '../../wasm.ts'
import { type BatchMaker, SampleFailure } from '../batch-maker.ts'
import { openDecodingGate, withoutDecoding } from '../frames/decoding-gate.ts'
import { bytesOfPiece, tensorsIn } from '../pieces.ts'
import type { StoredPlace } from '../frames/index.ts'
import { recipeOf } from '../recipe/recipe-of.ts'
import type { RecipeSpec } from '../recipe/recipe-spec.ts'
import type { BatchOutcome, BatchTask, BatchThread } from './batch-task.ts'
import { withLives } from './lives.ts'
import type { SharedSource } from './shared-source.ts'

export type PoolOptions = {
  readonly source: SharedSource
  readonly recipe: RecipeSpec
  /** Where the pictures of its batches are; left out: in the training shards. */
  readonly pictures?: StoredPlace | undefined
  /** Threads that make batches. */
  readonly workers: number
  /** Samples of the largest batch. */
  readonly samples: number
  /** Bytes that batches may take together; as many as keep every thread busy when not given. */
  readonly memory?: number
}

/**
 * Makes batches in threads, in pieces of one shared memory that are used again: each thread makes one batch while another waits for it. A thread that dies is replaced and its
 * batch made again, the order stays. Throws E_LOADER_MEMORY where two batches do not fit in `memory`; batches reject with E_LOADER_WORKER for one that kills its thread.
 */
export function poolMaker({ source, recipe: spec, pictures, workers, samples: largest, memory: most }: PoolOptions): BatchMaker & { readonly threads: readonly Worker[] } {
  const recipe = recipeOf(spec)
  const bytes = bytesOfPiece(recipe.layout(largest))
  const pieces = piecesOf({ bytes, workers, most })
  const memory = createMemory(bytes * pieces, bytes * pieces)
  const free = Array.from({ length: pieces }, (_, piece) => piece * bytes)
  const thread: BatchThread = { source, recipe: spec, pictures: pictures ?? null, memory }
  openDecodingGate()
  const pool = new Piscina({
    filename: new URL('../../../dist/loader/workers/batch-worker.js', import.meta.url).href, workerData: thread,
    minThreads: workers, maxThreads: workers, idleTimeout: Infinity, execArgv: [],
  })
  return {
    /** Those at work now. */
    get threads() { return pool.threads },
    ahead: pieces - 1,
    async make(samples) {
      const start = free.pop()
      if (start === undefined) throw new Error(`more than ${pieces} batches were asked for at once`)
      const release = (): void => void free.push(start)
      try {
        return { ...tensorsIn(memory, start, recipe.layout(samples.length)), ids: await done(pool, { samples, start }), release }
      } catch (error) {
        release()
        throw error
      }
    },
    close: () => withoutDecoding(() => pool.destroy()),
  }
}

/** A batch for each thread, one more for each that waits, and the one in use; fewer in less memory, and two at least. */
function piecesOf({ bytes, workers, most = Infinity }: { bytes: number; workers: number; most: number | undefined }): number {
  const pieces = Math.min(2 * workers + 1, Math.floor(Math.min(most, 2 ** 32) / bytes))
  if (pieces >= 2) return pieces
  throw new ToolkitError('E_LOADER_MEMORY', `two batches of ${bytes} bytes do not fit in ${Math.min(most, 2 ** 32)} bytes`, { hint: 'allow more memory, or choose a smaller batch' })
}

async function done(pool: Piscina, task: BatchTask): Promise<readonly string[]> {
  const outcome = await withLives(() => pool.run(task) as Promise<BatchOutcome>, task.samples)
  if ('ids' in outcome) return outcome.ids
  throw outcome.at === null ? unpackFailure(outcome.failure) : new SampleFailure(outcome.at, unpackFailure(outcome.failure))
}
