import { SampleFailure } from './batch-maker.ts'
import type { ClipSource } from './clip-source.ts'
import type { BatchTensors, Recipe } from './recipe/recipe.ts'
import { PartnerFailure, type SampleRef } from './sample.ts'

/** The clips of samples, by name. */
export type Named = { readonly ids: readonly string[]; readonly partners?: readonly string[] }

/** Draws samples into the tensors of a batch; answers their clips. Throws a SampleFailure for the first that cannot be made. */
export async function fillBatch({ source, recipe }: { source: ClipSource; recipe: Recipe }, samples: readonly SampleRef[], out: BatchTensors): Promise<Named> {
  for (const [at, ref] of samples.entries()) {
    try {
      const drawn = recipe.draw(source, ref, { at, samples: samples.length }, out)
      if (drawn !== undefined) await drawn
    } catch (error) {
      throw error instanceof PartnerFailure ? new SampleFailure(at, ref.partner!, error.cause) : new SampleFailure(at, ref.row, error)
    }
  }
  const { clips } = source
  const ids = samples.map(({ row }) => clips.id(row))
  return samples[0]?.partner == null ? { ids } : { ids, partners: samples.map(({ partner }) => clips.id(partner!)) }
}
