import { failureOf } from './batch-maker.ts'
import type { ClipSource } from './clip-source.ts'
import type { SampleRef } from './sample.ts'

/** The clips of samples, by name. */
export type Named = { readonly ids: readonly string[]; readonly partners?: readonly string[] }

/** Names may be read here for the first time, and be damaged: then that is a SampleFailure of the first sample. */
export function namesOf({ clips }: Pick<ClipSource, 'clips'>, samples: readonly SampleRef[]): Named {
  try {
    const ids = samples.map(({ row }) => clips.id(row))
    return samples[0]?.partner == null ? { ids } : { ids, partners: samples.map(({ partner }) => clips.id(partner!)) }
  } catch (error) {
    throw failureOf(error, samples[0]!, 0)
  }
}
