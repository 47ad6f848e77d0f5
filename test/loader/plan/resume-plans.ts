import type { LoaderState } from '../../../src/batch.ts'
import type { BatchMaker } from '../../../src/loader/batch-maker.ts'
import { createLoader } from '../../../src/loader/loader.ts'
import type { Plan } from '../../../src/loader/plan.ts'
import { type Random, randomAt } from '../../../src/random.ts'
import { planOrNull } from './compare-plans.ts'
import { randomPlan } from './random-plans.ts'

/** A batch's ids are its samples, in full. */
const samplesAsIds: BatchMaker = {
  ahead: 1, make: async (samples) => ({ ids: samples.map((sample) => JSON.stringify(sample)), tensors: {}, bytes: {}, release: () => {} }), close: async () => {},
}

/**
 * Trains through random plans in three legs, each with a batch size and a number of ranks of its own, every leg but the first going on from the state as JSON
 * that a rank of the leg before left behind. Answers how many plans had samples; throws at the first whose ranks together did not give the samples of the plan.
 */
export async function resumePlans({ first, plans }: { first: number; plans: number }): Promise<number> {
  let done = 0
  for (let number = first; number < first + plans; number++) {
    const { spec, clips } = randomPlan(number)
    const random = randomAt({ seed: 53, position: number })
    let state: LoaderState | undefined
    const samples: string[] = []
    for (let leg = 0; leg < 3; leg++) {
      const plan = planOrNull(spec, clips)
      if (plan === null) break
      const next = await runLeg(plan, { random, state })
      samples.push(...next.samples)
      state = JSON.parse(next.state) as LoaderState
      const expected = samples.map((_, g) => JSON.stringify(plan.sampleAt(g)))
      if (samples.join('\n') !== expected.join('\n')) throw new Error(`plan ${number}, leg ${leg}: other samples`)
      if (next.state.length > 200) throw new Error(`plan ${number}: a state of ${next.state.length} bytes, ${next.state}`)
      done += leg === 0 ? 1 : 0
    }
  }
  return done
}

/** Up to four batches over up to four ranks; an epoch more than the legs before may have used. */
async function runLeg(plan: Plan, { random, state }: { random: Random; state: LoaderState | undefined }): Promise<{ samples: string[]; state: string }> {
  const size = 1 + random.integer(4)
  const [batchSize, batches] = [size * (1 + random.integer(6)), 1 + random.integer(4)]
  const loaders = Array.from({ length: size }, (_, rank) => createLoader({
    plan, split: 'f'.repeat(64), root: 'f'.repeat(64), batchSize, epochs: 300, world: { rank, size }, maker: () => samplesAsIds, ...(state === undefined ? {} : { state }) }))
  const iterators = loaders.map((loader) => loader[Symbol.asyncIterator]())
  const samples: string[] = []
  for (let batch = 0; batch < batches; batch++) {
    for (const iterator of iterators) samples.push(...((await iterator.next()).value as { ids: string[] }).ids)
  }
  for (const iterator of iterators) await iterator.return?.()
  return { samples, state: JSON.stringify(loaders[random.integer(size)]!.state()) }
}
