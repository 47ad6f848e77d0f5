import { setTimeout } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { ToolkitError } from '../../errors.ts'
import { unpackFailure } from '../../thread-failure.ts'
import { createMemory } from '../../wasm.ts'
import { allocated } from '../allocated.ts'
import { type BatchMaker, SampleFailure } from '../batch-maker.ts'
import { openDecodingGate, withoutDecoding } from '../frames/decoding-gate.ts'
import { bytesOfPiece, scratchFor, tensorsIn } from '../pieces.ts'
import type { StoredPlace } from '../frames/index.ts'
import { namesOf } from '../names-of.ts'
import { recipeOf } from '../recipe/recipe-of.ts'
import type { RecipeSpec } from '../recipe/recipe-spec.ts'
import type { BatchOutcome, BatchTask, BatchThread } from './batch-task.ts'
import { withLives } from './lives.ts'
import { packTasks } from './packed-tasks.ts'
import { openShared, type SharedSource } from './shared-source.ts'

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
 * Makes batches in threads, in pieces of one shared memory that are used again: each thread makes one batch while another waits for it; small ones go to a thread several at a time. A
 * thread that dies is replaced and its batches made again, the order stays. Throws E_LOADER_MEMORY where two batches do not fit in `memory`; batches reject with E_LOADER_WORKER when
 * they kill their thread.
 */
export function poolMaker({ source, recipe: spec, pictures, workers, samples: largest, memory: most }: PoolOptions): BatchMaker & { readonly threads: readonly Worker[] } {
  const recipe = recipeOf(spec)
  const scratch = scratchFor(spec)
  const bytes = bytesOfPiece(recipe.layout(largest), scratch)
  const { pieces, burst } = piecesOf({ bytes, workers, most })
  const memory = allocated(bytes * pieces, (all) => createMemory(all, all))
  const free = Array.from({ length: pieces }, (_, piece) => piece * bytes)
  const thread: BatchThread = { source, recipe: spec, pictures: pictures ?? null, memory, scratch, started: new SharedArrayBuffer(4) }
  openDecodingGate()
  const pool = new Piscina({
    filename: new URL('../../../dist/loader/workers/batch-worker.js', import.meta.url).href, workerData: thread,
    minThreads: workers, maxThreads: workers, idleTimeout: Infinity, execArgv: [], stricterFIFO: true, // batches are waited for in their order
  })
  const tensorsAt = tensorsIn(thread, recipe.layout)
  const named = openShared(source)
  const outcomeOf = inBursts(burst, (tasks) => withLives(() => pool.run(packTasks(tasks)) as Promise<BatchOutcome[]>, tasks.flatMap(({ samples }) => samples)))
  return {
    /** Those at work now. */
    get threads() { return pool.threads },
    ahead: pieces - 1,
    burst,
    async make(samples) {
      const start = free.pop()
      if (start === undefined) throw new Error(`more than ${pieces} batches were asked for at once`)
      const release = (): void => void free.push(start)
      try {
        checkOutcome(await outcomeOf({ samples, start }))
        const { tensors, bytes } = tensorsAt(start, samples.length)
        return { tensors, bytes, ...namesOf(named, samples), release }
      } catch (error) {
        release()
        throw error
      }
    },
    async close() {
      named.close()
      await allStarted(thread, workers)
      await withoutDecoding(() => pool.destroy())
    },
  }
}

/** Waits, ten seconds at most, until as many threads have loaded their modules: one that is ended before takes the process with it. */
async function allStarted({ started }: BatchThread, threads: number): Promise<void> {
  for (let waited = 0; Atomics.load(new Int32Array(started), 0) < threads && waited < 10_000; waited += 5) await setTimeout(5)
}

/** Bytes of batches that are worth a message. */
const burstBytes = 2 ** 20

/**
 * A burst of batches for each thread, one more for each that waits, and the one in use; fewer in less memory, and two pieces at least. A burst is one batch, or as many small ones as make up a
 * MB, 64 at most.
 */
function piecesOf({ bytes, workers, most = Infinity }: { bytes: number; workers: number; most: number | undefined }): { pieces: number; burst: number } {
  const room = Math.floor(Math.min(most, 2 ** 32) / bytes)
  if (room < 2) throw new ToolkitError('E_LOADER_MEMORY', `two batches of ${bytes} bytes do not fit in ${Math.min(most, 2 ** 32)} bytes`, { hint: 'allow more memory, or choose a smaller batch' })
  const wanted = Math.min(64, Math.max(1, Math.floor(burstBytes / bytes)))
  const burst = Math.max(1, Math.min(wanted, Math.floor((room - 1) / (2 * workers))))
  return { pieces: Math.min(room, 2 * workers * burst + 1), burst }
}

/** Hands over tasks that are asked for in one turn together, at most `burst` at a time; answers the outcome of each. */
function inBursts(burst: number, run: (tasks: readonly BatchTask[]) => Promise<readonly BatchOutcome[]>): (task: BatchTask) => Promise<BatchOutcome> {
  let waiting: { readonly task: BatchTask; readonly answer: (outcome: Promise<BatchOutcome>) => void }[] = []
  function send(): void {
    const sent = waiting
    waiting = []
    if (sent.length === 0) return
    const outcomes = run(sent.map(({ task }) => task))
    for (const [at, { answer }] of sent.entries()) answer(outcomes.then((all) => all[at]!))
  }
  return (task) => new Promise((answer) => {
    waiting.push({ task, answer })
    if (waiting.length === burst) send()
    else if (waiting.length === 1) queueMicrotask(send)
  })
}

function checkOutcome(outcome: BatchOutcome): void {
  if (outcome === null) return
  const { failure, place } = outcome
  throw place === null ? unpackFailure(failure) : new SampleFailure(place.at, place.row, unpackFailure(failure))
}
