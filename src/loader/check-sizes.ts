import { ToolkitError } from '../errors.ts'
import type { Plan } from './plan.ts'

type Sizes = { readonly plan: Pick<Plan, 'samplesPerEpoch'>; readonly batchSize: number; readonly epochs: number; readonly world: { readonly rank: number; readonly size: number } }

/** Samples of one rank's part of a batch: beyond, the list of them alone fills the memory. */
const mostSamples = 2 ** 20

/**
 * Refuses numbers that a loader cannot count with: E_LOADER_WORLD for ranks, or a batch that they cannot divide; E_LOADER_BATCH; E_LOADER_EPOCHS for more than 2^32 - 1 epochs, or samples in all of
 * them than 2^53 - 1. Epochs may be infinitely many.
 */
export function checkSizes({ plan: { samplesPerEpoch }, batchSize, epochs, world }: Sizes): void {
  checkWorld(world)
  checkBatch(batchSize, world.size)
  if (epochs === Infinity) return
  if (!Number.isInteger(epochs) || epochs < 0 || epochs >= 2 ** 32) {
    throw new ToolkitError('E_LOADER_EPOCHS', `${epochs} epochs: they are numbered from 0 to 2^32 - 1`, { hint: 'choose a whole number of epochs up to 4294967295' })
  }
  if (!Number.isSafeInteger(samplesPerEpoch * epochs + batchSize)) {
    throw new ToolkitError('E_LOADER_EPOCHS', `${epochs} epochs of ${samplesPerEpoch} samples are more than 2^53 - 1, up to which samples are counted`, {
      hint: `choose at most ${Math.floor((Number.MAX_SAFE_INTEGER - batchSize) / samplesPerEpoch)} epochs` })
  }
}

function checkWorld({ rank, size }: Sizes['world']): void {
  if (!(Number.isInteger(size) && size >= 1)) throw new ToolkitError('E_LOADER_WORLD', `a world of ${size} ranks`, { hint: 'it has a whole number of them, 1 at least' })
  if (Number.isInteger(rank) && rank >= 0 && rank < size) return
  throw new ToolkitError('E_LOADER_WORLD', `rank ${rank} of ${size}: ranks are 0 .. ${size - 1}`, { hint: 'the first process is rank 0; --world says how many there are' })
}

function checkBatch(samples: number, ranks: number): void {
  if (!(Number.isSafeInteger(samples) && samples >= 1)) throw new ToolkitError('E_LOADER_BATCH', `a batch of ${samples} samples`, { hint: 'choose a whole number of samples, 1 at least' })
  if (samples % ranks !== 0) {
    throw new ToolkitError('E_LOADER_WORLD', `a batch of ${samples} samples cannot be divided evenly over ${ranks} ranks`, {
      hint: `choose a batch of ${Math.ceil(samples / ranks) * ranks}: it counts the samples of all ranks together` })
  }
  if (samples / ranks > mostSamples) {
    throw new ToolkitError('E_LOADER_BATCH', `a batch of ${samples / ranks} samples${ranks === 1 ? '' : ' for each rank'}`, { hint: `choose a batch of at most ${mostSamples * ranks}` })
  }
}
