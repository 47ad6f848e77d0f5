import { ToolkitError } from '../../errors.ts'
import type { SampleRef } from '../sample.ts'

/** How often the thread of one batch may die before the loader does. */
const lives = 3

/** What `run` answers; it rejects when the thread it ran in died, and is run again in another one. Throws E_LOADER_WORKER, with the rows of the samples, for the third death. */
export async function withLives<Answer>(run: () => Promise<Answer>, samples: readonly Pick<SampleRef, 'row'>[]): Promise<Answer> {
  for (let life = 1; ; life++) {
    try {
      return await run()
    } catch (error) {
      if (life === lives) throw died(error, samples)
    }
  }
}

function died(error: unknown, samples: readonly Pick<SampleRef, 'row'>[]): ToolkitError {
  const last = error instanceof Error ? error.message : String(error)
  return new ToolkitError('E_LOADER_WORKER', `the thread of a batch died ${lives} times, at last of "${last}"; its clips are in rows ${samples.map(({ row }) => row).join(', ')}`, {
    exit: 4, cause: error, hint: 'a smaller batch takes less memory; in this thread, with no workers, the failure itself shows' })
}
