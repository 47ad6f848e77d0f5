import { describe, expect, test } from 'vitest'
import { checkSizes } from '../../src/loader/check-sizes.ts'
import { localMaker, recipeOf, sourceOfClips } from '../../src/loader/index.ts'
import { exampleClip, skeleton } from '../transforms/examples.ts'
import { all, idsOnly, loaderOf } from './loaders.ts'

const sizes = { plan: { samplesPerEpoch: 1000 }, batchSize: 8, epochs: 3, world: { rank: 0, size: 2 } }

describe('numbers that a loader cannot count with are refused', () => {
  test.each<[Partial<typeof sizes>, string, string, string]>([
    [{ batchSize: 0 }, 'E_LOADER_BATCH', 'a batch of 0 samples', 'choose a whole number of samples, 1 at least'],
    [{ batchSize: -4 }, 'E_LOADER_BATCH', 'a batch of -4 samples', 'choose a whole number of samples, 1 at least'],
    [{ batchSize: 2.5 }, 'E_LOADER_BATCH', 'a batch of 2.5 samples', 'choose a whole number of samples, 1 at least'],
    [{ batchSize: NaN }, 'E_LOADER_BATCH', 'a batch of NaN samples', 'choose a whole number of samples, 1 at least'],
    [{ batchSize: 2 ** 21 + 2 }, 'E_LOADER_BATCH', 'a batch of 1048577 samples for each rank', 'choose a batch of at most 2097152'],
    [{ batchSize: 7 }, 'E_LOADER_WORLD', 'a batch of 7 samples cannot be divided evenly over 2 ranks', 'choose a batch of 8: it counts the samples of all ranks together'],
    [{ world: { rank: 0, size: 1.5 } }, 'E_LOADER_WORLD', 'a world of 1.5 ranks', 'it has a whole number of them, 1 at least'],
    [{ world: { rank: 0, size: NaN } }, 'E_LOADER_WORLD', 'a world of NaN ranks', 'it has a whole number of them, 1 at least'],
    [{ world: { rank: 0.5, size: 2 } }, 'E_LOADER_WORLD', 'rank 0.5 of 2: ranks are 0 .. 1', 'the first process is rank 0; --world says how many there are'],
    [{ world: { rank: 2, size: 2 } }, 'E_LOADER_WORLD', 'rank 2 of 2: ranks are 0 .. 1', 'the first process is rank 0; --world says how many there are'],
    [{ epochs: -1 }, 'E_LOADER_EPOCHS', '-1 epochs: they are numbered from 0 to 2^32 - 1', 'choose a whole number of epochs up to 4294967295'],
    [{ epochs: NaN }, 'E_LOADER_EPOCHS', 'NaN epochs: they are numbered from 0 to 2^32 - 1', 'choose a whole number of epochs up to 4294967295'],
    [{ epochs: 2 ** 32 }, 'E_LOADER_EPOCHS', '4294967296 epochs: they are numbered from 0 to 2^32 - 1', 'choose a whole number of epochs up to 4294967295'],
    // (2^53 - 1 - 8) / 2^22 = 2^31 - 9 / 2^22: one epoch less than 2^31
    [{ plan: { samplesPerEpoch: 2 ** 22 }, epochs: 2 ** 31 }, 'E_LOADER_EPOCHS', '2147483648 epochs of 4194304 samples are more than 2^53 - 1, up to which samples are counted', 'choose at most 2147483647 epochs'],
  ])('%j', (change, code, message, hint) => {
    expect(() => checkSizes({ ...sizes, ...change })).toThrow(expect.objectContaining({ code, message, hint }))
  })

  test.each([{}, { epochs: 0 }, { epochs: 2 ** 32 - 1 }, { epochs: Infinity }, { batchSize: 2 ** 21 }, { plan: { samplesPerEpoch: 2 ** 22 }, epochs: 2 ** 31 - 1 }])('and not %j', (change) => {
    expect(() => checkSizes({ ...sizes, ...change })).not.toThrow()
  })
})

test('the last epoch that can be numbered is handed out, and filled up from the one after', async () => {
  const clips = [exampleClip({ seed: 1, frames: 4 })]
  const next = 2 ** 32 - 3
  const given = { clips, split: 'split', root: 'root', seed: 2 ** 53 - 1, batchSize: 2, epochs: 2 ** 32 - 2 }
  const batches = await all(loaderOf({ ...given, state: { format: 1, split: 'split', root: 'root', seed: given.seed, epoch: next, next } }))
  expect(batches.map(({ ids, epoch, state }) => [ids.length, epoch, state.next])).toEqual([[2, 2 ** 32 - 3, 2 ** 32 - 1]])
})

test.each([0, -1, 1.5, NaN])('rows of %d frames are refused', (frames) => {
  expect(() => recipeOf({ seed: 1, skeleton, frames, views: [[]] })).toThrow(expect.objectContaining({ code: 'E_LOADER_FRAMES', message: `rows of ${frames} frames` }))
})

test('memory that the machine does not have is an error with the bytes', async () => {
  const source = sourceOfClips([exampleClip()])
  const maker = localMaker({ source, recipe: { ...idsOnly, layout: () => ({ points: { dtype: 'float32', shape: [2 ** 50] } }) } })
  const make = async () => maker.make([])
  await expect(make()).rejects.toMatchObject({ code: 'E_LOADER_MEMORY', message: expect.stringMatching(/^4503599627370496 bytes for batches cannot be had: /) })
})
