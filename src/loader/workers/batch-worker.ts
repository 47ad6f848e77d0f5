import { workerData } from 'node:worker_threads'
import { packFailure } from '../../thread-failure.ts'
import { SampleFailure } from '../batch-maker.ts'
import type { ClipSource } from '../clip-source.ts'
import { fillBatch } from '../fill-batch.ts'
import { type FrameSource, storedFrames } from '../frames/index.ts'
import { kernelIn, tensorsIn } from '../pieces.ts'
import { recipeOf } from '../recipe/recipe-of.ts'
import type { Recipe } from '../recipe/recipe.ts'
import type { BatchOutcome, BatchTask, BatchThread } from './batch-task.ts'
import { unpackTasks } from './packed-tasks.ts'
import { openShared, sharedPictures } from './shared-source.ts'

// The entry of a thread that makes batches: tasks in, their tensors in shared memory.
const thread = workerData as BatchThread
/** Opened by the first task, so that a failure is that task's: a thread that cannot even start would be started again for ever. */
let source: ClipSource | null = null
let pictures: FrameSource | null = null
let tensorsAt: ReturnType<typeof tensorsIn> | null = null
let plain: Recipe | null = null
const recipes = new Map<number, Recipe>()

// a thread that is ended while it loads its modules takes the process with it: the pool waits for this
Atomics.add(new Int32Array(thread.started), 0, 1)

/** Batches one after the other, told of at once: a message takes as long as some small batches. */
export default async function makeBatches(packed: Float64Array): Promise<BatchOutcome[]> {
  const outcomes: BatchOutcome[] = []
  for (const task of unpackTasks(packed)) outcomes.push(await makeBatch(task))
  return outcomes
}

async function makeBatch({ samples, start }: BatchTask): Promise<BatchOutcome> {
  try {
    source ??= openShared(thread.source)
    pictures ??= thread.pictures === null ? sharedPictures(thread.source) : storedFrames(thread.pictures, source.clips)
    const recipe = recipeFor(start)
    tensorsAt ??= tensorsIn(thread, recipe.layout)
    await fillBatch({ source, recipe }, samples, tensorsAt(start, samples.length))
    return null
  } catch (error) {
    return error instanceof SampleFailure ? { failure: packFailure(error.cause), place: { at: error.at, row: error.row } } : { failure: packFailure(error), place: null }
  }
}

/** One recipe for all pieces, or where a kernel draws, one for each. */
function recipeFor(start: number): Recipe {
  const tools = pictures === null ? {} : { pictures }
  if (thread.scratch === 0) return (plain ??= recipeOf(thread.recipe, tools))
  if (!recipes.has(start)) recipes.set(start, recipeOf(thread.recipe, { ...tools, kernel: kernelIn(thread, start) }))
  return recipes.get(start)!
}
