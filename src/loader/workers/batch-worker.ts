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
import { openShared, sharedPictures } from './shared-source.ts'

// The entry of a thread that makes batches: a task in, its tensors in shared memory, the ids of its clips out.
const { source: shared, recipe: spec, pictures: place, memory } = workerData as BatchThread
/** Opened by the first task, so that a failure is that task's: a thread that cannot even start would be started again for ever. */
let source: ClipSource | null = null
let pictures: FrameSource | null = null
const recipes = new Map<number, Recipe>()

export default async function makeBatch({ samples, start }: BatchTask): Promise<BatchOutcome> {
  try {
    source ??= openShared(shared)
    pictures ??= place === null ? sharedPictures(shared) : storedFrames(place, source.clips)
    if (!recipes.has(start)) recipes.set(start, recipeOf(spec, { kernel: kernelIn(memory, start), ...(pictures !== null && { pictures }) }))
    const recipe = recipes.get(start)!
    return { ids: await fillBatch({ source, recipe }, samples, tensorsIn(memory, start, recipe.layout(samples.length))) }
  } catch (error) {
    return error instanceof SampleFailure ? { failure: packFailure(error.cause), at: error.at } : { failure: packFailure(error), at: null }
  }
}
