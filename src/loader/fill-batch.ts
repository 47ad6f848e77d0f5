import { SampleFailure } from './batch-maker.ts'
import type { ClipSource } from './clip-source.ts'
import type { BatchTensors, Recipe } from './recipe/recipe.ts'
import type { SampleRef } from './sample.ts'

/** Draws samples into the tensors of a batch; answers their clips' ids. Throws a SampleFailure for the first that cannot be made. */
export async function fillBatch({ source, recipe }: { source: ClipSource; recipe: Recipe }, samples: readonly SampleRef[], out: BatchTensors): Promise<string[]> {
  for (const [at, ref] of samples.entries()) {
    try {
      const drawn = recipe.draw(source, ref, { at, samples: samples.length }, out)
      if (drawn !== undefined) await drawn
    } catch (error) {
      throw new SampleFailure(at, error)
    }
  }
  return samples.map(({ row }) => source.clips.id(row))
}
