import { SampleFailure } from './batch-maker.ts'
import type { ClipSource } from './clip-source.ts'
import type { BatchTensors, Recipe } from './recipe/recipe.ts'
import { PartnerFailure, type SampleRef } from './sample.ts'

/** The clips of samples, by name. */
export type Named = { readonly ids: readonly string[]; readonly partners?: readonly string[] }

type Work = { readonly source: ClipSource; readonly recipe: Recipe }

/** How often a batch is drawn again where files were changed meanwhile, before that is a failure. */
const mostAgain = 5

/**
 * Draws samples into the tensors of a batch, at once where the recipe takes no time; answers their clips. Throws a SampleFailure for the first that cannot be made. What was read of files
 * that somebody changed meanwhile is drawn again, from what they hold now.
 */
export function fillBatch(work: Work, samples: readonly SampleRef[], out: BatchTensors): Named | Promise<Named> {
  for (let at = 0; at < samples.length; at++) {
    const pending = drawn(work, samples, at, out)
    if (pending !== undefined) return pending.then(() => fillRest(work, samples, out, { from: at + 1, again: 0 }))
  }
  return confirmed(work, samples, out, 0)
}

/** A promise waited for costs more than a small sample. */
async function fillRest(work: Work, samples: readonly SampleRef[], out: BatchTensors, { from, again }: { readonly from: number; readonly again: number }): Promise<Named> {
  for (let at = from; at < samples.length; at++) await drawn(work, samples, at, out)
  return confirmed(work, samples, out, again)
}

function confirmed(work: Work, samples: readonly SampleRef[], out: BatchTensors, again: number): Named | Promise<Named> {
  try {
    work.source.confirm?.()
  } catch (error) {
    if (again === mostAgain) throw failureOf(error, samples[0]!, 0)
    return fillRest(work, samples, out, { from: 0, again: again + 1 })
  }
  return namesOf(work.source, samples)
}

function drawn({ source, recipe }: Work, samples: readonly SampleRef[], at: number, out: BatchTensors): Promise<void> | undefined {
  try {
    const pending = recipe.draw(source, samples[at]!, { at, samples: samples.length }, out)
    return pending === undefined ? undefined : pending.catch((error: unknown) => { throw failureOf(error, samples[at]!, at) })
  } catch (error) {
    throw failureOf(error, samples[at]!, at)
  }
}

function failureOf(error: unknown, ref: SampleRef, at: number): SampleFailure {
  return error instanceof PartnerFailure ? new SampleFailure(at, ref.partner!, error.cause) : new SampleFailure(at, ref.row, error)
}

/** Names may be read here for the first time, and be damaged: then that is a failure of the first sample. */
function namesOf({ clips }: ClipSource, samples: readonly SampleRef[]): Named {
  try {
    const ids = samples.map(({ row }) => clips.id(row))
    return samples[0]?.partner == null ? { ids } : { ids, partners: samples.map(({ partner }) => clips.id(partner!)) }
  } catch (error) {
    throw failureOf(error, samples[0]!, 0)
  }
}
