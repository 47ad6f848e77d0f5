import type { Batch } from '../../src/batch.ts'
import { sha256 } from '../../src/hash.ts'
import { randomAt } from '../../src/random.ts'
import { all, loaderOf } from '../loader/loaders.ts'
import { exampleClip } from '../transforms/examples.ts'

/** Resumes loaders at a random step under random sizes, batch sizes, epochs and seeds, the batch size changing on the way; throws at the first that does not go on exactly. */
export async function checkResumes(configurations: number): Promise<number> {
  const many = Array.from({ length: 60 }, (_, i) => exampleClip({ seed: i + 1, frames: 1 }))
  for (let i = 0; i < configurations; i++) {
    const random = randomAt({ seed: 99 }).fork(i)
    const size = 1 + random.integer(60)
    const at = {
      clips: many.slice(0, size), split: sha256('split'), root: sha256('root'),
      batchSize: 1 + random.integer(70), epochs: 1 + random.integer(4), seed: random.integer(2 ** 32),
    }
    const whole = await all(loaderOf(at))
    const { state } = whole[random.integer(whole.length)]!
    const rest = await all(loaderOf({ ...at, batchSize: 1 + random.integer(70), state }))
    const [found, expected] = [idsOf(rest).slice(0, size * at.epochs - state.next), idsOf(whole).slice(state.next, size * at.epochs)]
    if (found.join() !== expected.join()) throw new Error(`configuration ${i}: resumed at ${state.next} of ${size} clips, another order`)
  }
  return configurations
}

function idsOf(batches: readonly Batch[]): string[] {
  return batches.flatMap(({ ids }) => ids)
}
