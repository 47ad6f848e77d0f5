import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { sha256 } from '../../src/hash.ts'
import { createLoader, type Loader, localMaker, type LoaderOptions, openTrainingShards, planOf, poolMaker, type RecipeSpec, recipeOf, sharedClips, sourceOfClips, type TrainingShards } from '../../src/loader/index.ts'
import { sourceOf } from '../../src/loader/shards/index.ts'
import { withLives } from '../../src/loader/workers/lives.ts'
import { writeClips } from '../../src/store/index.ts'
import { flipBit } from '../store/flip.ts'
import { temporaryFolder } from '../store/folder.ts'
import { exampleClip, skeleton } from '../transforms/examples.ts'
import { fingerprint, fingerprints } from './loaders.ts'

const clips = Array.from({ length: 9 }, (_, i) => exampleClip({ seed: i + 1, frames: 6 + 3 * i }))
const source = sourceOfClips(clips)
const recipe: RecipeSpec = {
  seed: 7, skeleton, frames: 16, heatmaps: { channels: 'both', size: 8, sigma: 0.5, patch: 4 }, points: { persons: 1, dims: 2 }, latestStart: 5,
  views: [[{ name: 'resample' }, { name: 'crop' }], [{ name: 'resample' }, { name: 'speed' }, { name: 'crop' }, { name: 'flip' }, { name: 'rotate' }, { name: 'jitter' }]],
}
const options: Omit<LoaderOptions, 'maker'> = { plan: planOf({ seed: 7 }, source.clips), split: sha256('split'), root: sha256('root'), batchSize: 4, epochs: 3 }
const local = (more: Partial<LoaderOptions> = {}) => createLoader({ ...options, ...more, maker: () => localMaker({ source, recipe: recipeOf(recipe) }) })
const pooled = (workers: number, { memory, spec = recipe, given = clips, ...more }: Partial<LoaderOptions> & { memory?: number; spec?: RecipeSpec; given?: typeof clips } = {}): Loader =>
  createLoader({ ...options, ...more, maker: () => poolMaker({ source: sharedClips(given), recipe: spec, workers, samples: 4, ...(memory === undefined ? {} : { memory }) }) })

describe('batches made in threads', () => {
  test.each([1, 2, 3])('are those made in this thread, to the last byte: %d threads', async (workers) => {
    expect(await fingerprints(pooled(workers))).toEqual(await fingerprints(local()))
  })

  test('are resumed exactly with another number of threads', async () => {
    const whole = await fingerprints(local())
    for (const step of [0, 2, 5]) {
      expect(await fingerprints(pooled(2, { state: whole[step]!.state }))).toEqual(whole.slice(step + 1))
      expect(await fingerprints(local({ state: whole[step]!.state }))).toEqual(whole.slice(step + 1))
    }
  })

  test('lie in shared memory that is used again, as little as is allowed', async () => {
    const seen = []
    // a MB for who draws; patches, points, mask and time of 8 x 16 frames, length and start of 8 rows
    const bytes = 2 ** 20 + 8 * 16 * (9 * 64 + 5 * 3 + 2) * 4 + 2 * 64
    for await (const { tensors } of pooled(2, { memory: 2 * bytes })) {
      expect(tensors['patches']!.data.buffer).toBeInstanceOf(SharedArrayBuffer)
      seen.push(tensors['patches']!.data.byteOffset)
    }
    expect(new Set(seen).size).toBe(2)
  })

  test('that do not fit are refused with the bytes they take', () => {
    expect(() => poolMaker({ source: sharedClips(clips), recipe, workers: 2, samples: 4, memory: 1000 })).toThrow(
      expect.objectContaining({ code: 'E_LOADER_MEMORY', message: expect.stringMatching(/^two batches of \d+ bytes do not fit in 1000 bytes$/) }))
  })

  test('a loader that is left early goes on from there', async () => {
    const whole = await fingerprints(local())
    const loader = pooled(2)
    for await (const batch of loader) if (batch.state.next === 12) break
    expect(await fingerprints(loader)).toEqual(whole.slice(3))
  })

  test('a clip that cannot be drawn is replaced as in this thread', async () => {
    const given = clips.map((clip, i) => (i === 4 ? { ...clip, joints: 4 } : clip))
    const onBad = { policy: 'skip' } as const
    const here = createLoader({ ...options, onBad, maker: () => localMaker({ source: sourceOfClips(given), recipe: recipeOf(recipe) }) })
    const there = pooled(2, { given, onBad })
    expect(await fingerprints(there)).toEqual(await fingerprints(here))
    expect(there.bad).toEqual(here.bad)
    expect(there.bad[0]).toMatchObject({ code: 'E_LOADER_POINTS' })
  })

  test('and by default ends the loader with its own code', async () => {
    const given = clips.map((clip, i) => (i === 4 ? { ...clip, joints: 4 } : clip))
    await expect(fingerprints(pooled(2, { given }))).rejects.toMatchObject({ code: 'E_LOADER_POINTS' })
  })

  test('a step that does not exist is refused before a thread starts', () => {
    expect(() => poolMaker({ source: sharedClips(clips), recipe: { ...recipe, views: [[{ name: 'flop' as 'flip' }]] }, workers: 1, samples: 4 })).toThrow('no transform "flop"')
  })

  test('a consumer may be slow', async () => {
    const seen = []
    for await (const batch of pooled(2)) {
      await new Promise((resolve) => { setTimeout(resolve, 5) })
      seen.push(fingerprint(batch))
    }
    expect(seen).toEqual(await fingerprints(local()))
  })
})

test('a pool that is closed at once waits for its threads, which would take the process with them', async () => {
  const first = (await fingerprints(local()))[0]!.ids
  for (let round = 0; round < 2; round++) for await (const { ids } of pooled(3)) { expect(ids).toEqual(first); break }
})

test('pairs name the partners', async () => {
  const given = clips.map((clip, i) => ({ ...clip, group: `g${i}` }))
  const plan = planOf({ seed: 7, pairs: { same: 'action', differs: 'group' } }, sourceOfClips(given).clips)
  const named = async (loader: Loader) => { for await (const { ids, partners } of loader) return { ids, partners } }
  const there = await named(pooled(1, { given, plan }))
  expect(there!.partners).toEqual([0, 1, 2, 3].map((g) => source.clips.id(plan.sampleAt(g).partner!)))
  expect(there).toEqual(await named(createLoader({ ...options, plan, maker: () => localMaker({ source: sourceOfClips(given), recipe: recipeOf(recipe) }) })))
})

describe('a thread that dies', () => {
  const killing = (kill: (threads: () => readonly Worker[], batch: number) => void) => {
    const maker = poolMaker({ source: sharedClips(clips), recipe, workers: 2, samples: 4 })
    let made = 0
    return createLoader({ ...options, maker: () => ({ ...maker, make: (samples) => { const batch = maker.make(samples); kill(() => maker.threads, made++); return batch } }) })
  }

  test('is replaced, and its batch made again: the order stays', async () => {
    const killed: number[] = []
    const loader = killing((threads, batch) => { if (batch % 2 === 1) { killed.push(batch); void threads()[0]!.terminate() } })
    expect(await fingerprints(loader)).toEqual(await fingerprints(local()))
    expect(killed.length).toBe(3)
  })

  test('three times on one batch ends the loader with the rows of its clips', async () => {
    const deaths = (times: number) => () => (times-- > 0 ? Promise.reject(new Error('worker exited with code: 7')) : Promise.resolve('made'))
    expect(await withLives(deaths(2), [])).toBe('made')
    await expect(withLives(deaths(3), [{ row: 4 }, { row: 1 }])).rejects.toMatchObject({
      code: 'E_LOADER_WORKER', exit: 4, message: 'the thread of a batch died 3 times, at last of "worker exited with code: 7"; its clips are in rows 4, 1' })
  })
})

describe('from training shards', () => {
  const stored = async (change = {}) => {
    const storeDir = await temporaryFolder()
    await writeClips({ storeDir, dataset: 'example', skeletons: [skeleton], clips, ...change })
    return storeDir
  }
  const fromShards = ({ opened, heal }: TrainingShards, workers: number) =>
    createLoader({ ...options, heal, maker: () => poolMaker({ source: { kind: 'shards', opened }, recipe, workers, samples: 4 }) })

  test.each([0, 2 ** 30])('the batches are those of the clips in memory, with %d bytes of shards in memory, from any store of the clips', async (memoryBytes) => {
    for (const change of [{}, { bits: 3 }]) {
      const shards = await openTrainingShards({ storeDir: await stored(change), dataset: 'example', memoryBytes })
      expect(await fingerprints(fromShards(shards, 2))).toEqual(await fingerprints(local()))
      await shards.close()
    }
  })

  test('a shard damaged under way is mended from the store, and nothing shows', async () => {
    const shards = await openTrainingShards({ storeDir: await stored(), dataset: 'example', memoryBytes: 0 })
    const file = join(shards.opened.folder, 'shard-00000.arrow')
    await flipBit(file, Math.floor((await stat(file)).size / 2), 3)
    expect(await fingerprints(fromShards(shards, 2))).toEqual(await fingerprints(local()))
    await shards.close()
  })

  test.each([0, 2])('a shard whose joints are overwritten after they were found sound shows no more than that: %d threads', async (workers) => {
    const shards = await openTrainingShards({ storeDir: await stored(), dataset: 'example', memoryBytes: 0 })
    const file = join(shards.opened.folder, 'shard-00000.arrow')
    const source = sourceOf(shards.opened)
    const loader = workers === 0 ? createLoader({ ...options, heal: shards.heal, maker: () => localMaker({ source, recipe: recipeOf(recipe) }) }) : fromShards(shards, workers)
    const [seen, spoilt] = [[] as unknown[], await readFile(file)]
    for (const { keypoints } of clips) spoilt.fill(0x40, spoilt.indexOf(Buffer.from(keypoints!.buffer)), spoilt.indexOf(Buffer.from(keypoints!.buffer)) + keypoints!.byteLength)
    for await (const batch of loader) {
      seen.push(fingerprint(batch))
      if (seen.length === 2) await writeFile(file, spoilt)
    }
    expect(seen).toEqual(await fingerprints(local()))
    source.close()
    await shards.close()
  })
})
