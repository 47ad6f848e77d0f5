import { failureOf } from './batch-maker.ts'
import type { ClipSource } from './clip-source.ts'
import type { BatchTensors, Recipe } from './recipe/recipe.ts'
import type { SampleRef } from './sample.ts'

type Work = { readonly source: ClipSource; readonly recipe: Recipe }

/** How often a batch is drawn again where files were changed meanwhile, before that is a failure. */
const mostAgain = 5

/**
 * Draws samples into the tensors of a batch, at once where the recipe takes no time. Throws a SampleFailure for the first that cannot be made. What was read of files
 * that somebody changed meanwhile is drawn again, from what they hold now.
 */
export function fillBatch(work: Work, samples: readonly SampleRef[], out: BatchTensors): Promise<void> | undefined {
  for (let at = 0; at < samples.length; at++) {
    const pending = drawn(work, samples, at, out)
    if (pending !== undefined) return pending.then(() => fillRest(work, samples, out, { from: at + 1, again: 0 }))
  }
  return confirmed(work, samples, out, 0)
}

/** A promise waited for costs more than a small sample. */
async function fillRest(work: Work, samples: readonly SampleRef[], out: BatchTensors, { from, again }: { readonly from: number; readonly again: number }): Promise<void> {
  for (let at = from; at < samples.length; at++) await drawn(work, samples, at, out)
  await confirmed(work, samples, out, again)
}

function confirmed(work: Work, samples: readonly SampleRef[], out: BatchTensors, again: number): Promise<void> | undefined {
  try {
    work.source.confirm?.()
    return undefined
  } catch (error) {
    if (again === mostAgain) throw failureOf(error, samples[0]!, 0)
    return fillRest(work, samples, out, { from: 0, again: again + 1 })
  }
}

function drawn({ source, recipe }: Work, samples: readonly SampleRef[], at: number, out: BatchTensors): Promise<void> | undefined {
  try {
    const pending = recipe.draw(source, samples[at]!, { at, samples: samples.length }, out)
    return pending === undefined ? undefined : pending.catch((error: unknown) => { throw failureOf(error, samples[at]!, at) })
  } catch (error) {
    throw failureOf(error, samples[at]!, at)
  }
}
