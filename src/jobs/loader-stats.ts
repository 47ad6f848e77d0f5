import { shuffleQuality, type ShuffleQuality } from '../loader/index.ts'
import { bytesOfLayout } from '../loader/recipe/recipe.ts'
import type { LoaderRequest } from './loader-request.ts'
import { type OpenLoader, openLoader } from './open-loader.ts'

/** What a training would see, and how fast it would come. */
export type LoaderStats = {
  readonly clips: number
  /** Clips of the side that cannot be trained on, and those that the plan leaves out. */
  readonly leftOut: readonly { readonly clips: number; readonly why: string }[]
  readonly samplesPerEpoch: number
  readonly steps: number
  /** Lists that the samples are drawn from, with their shares of an epoch. */
  readonly lists: OpenLoader['plan']['lists']
  /** Of an epoch of at most a million samples; null = it is longer, or of fewer than eight. */
  readonly shuffle: ShuffleQuality | null
  /** Mean bytes of a clip in the training shards, and whether these are read from memory. */
  readonly bytesPerClip: number
  readonly inMemory: boolean
  /** Bytes of a sample's tensors. */
  readonly bytesPerSample: number
  readonly rank: number
  /** How many ranks there are; what is measured is one rank's part of the batches. */
  readonly world: number
  readonly measured: {
    readonly batches: number; readonly samples: number
    /** Until the first batch was there: training shards, order and threads included. */
    readonly firstBatchMs: number
    readonly samplesPerSecond: number
    /** Of the time after the first batch, the share in which a training with steps of `stepMs` waits. */
    readonly waitShare: number; readonly stepMs: number
  }
}

export type StatsEffects = { readonly now: () => number; readonly sleep: (milliseconds: number) => Promise<void> }

/** Takes batches for some seconds, as a training with steps of `stepMs` would, and describes what it took. */
export async function loaderStats(request: LoaderRequest, { seconds, stepMs }: { seconds: number; stepMs: number }, { now, sleep }: StatsEffects): Promise<LoaderStats> {
  const begun = now()
  // as long as it takes: the epochs asked for may be over before anything is measured
  const open = await openLoader({ ...request, epochs: Infinity, state: undefined })
  try {
    const { loader, plan, recipe, source, shards, about } = open
    let [batches, samples, waited, firstBatchMs, samplesOfFirst, asked] = [0, 0, 0, 0, 0, begun]
    for await (const batch of loader) {
      const got = now()
      samples += batch.ids.length
      if (++batches === 1) [firstBatchMs, samplesOfFirst] = [got - begun, samples]
      else waited += got - asked
      if (stepMs > 0) await sleep(stepMs)
      asked = now()
      if (asked - begun - firstBatchMs > 1000 * seconds) break
    }
    const took = Math.max(asked - begun - firstBatchMs, 1e-6)
    const files = shards.flatMap(({ opened }) => opened.entry.shards)
    const untrained = about.datasets.reduce((sum, { leftOut }) => sum + leftOut, 0)
    return {
      clips: plan.clips, samplesPerEpoch: plan.samplesPerEpoch, steps: Math.ceil((plan.samplesPerEpoch * request.epochs) / request.batch), lists: plan.lists,
      leftOut: [...(untrained === 0 ? [] : [{ clips: untrained, why: 'cannot be trained on' }]), ...plan.left.map(({ clips, why }) => ({ clips, why }))],
      shuffle: qualityOf(open), bytesPerClip: Math.round(files.reduce((sum, { bytes }) => sum + bytes, 0) / source.clips.count),
      inMemory: shards.every(({ opened }) => opened.resident.every((shard) => shard !== null)), bytesPerSample: bytesOfLayout(recipe.layout(request.batch)) / request.batch,
      rank: request.world.rank, world: request.world.size,
      measured: { batches, samples, firstBatchMs, samplesPerSecond: ((samples - samplesOfFirst) * 1000) / took, waitShare: waited / took, stepMs },
    }
  } finally {
    await open.close()
  }
}

/** Of the first epoch, beside the second. */
function qualityOf({ plan }: OpenLoader): ShuffleQuality | null {
  const samples = plan.samplesPerEpoch
  if (samples > 1_000_000) return null
  const rows = (epoch: number): Uint32Array => Uint32Array.from({ length: samples }, (_, i) => plan.sampleAt(epoch * samples + i).row)
  return shuffleQuality(rows(0), rows(1))
}
