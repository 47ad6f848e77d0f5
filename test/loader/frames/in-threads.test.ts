import { beforeAll, describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../../src/catalog.ts'
import type { Clip } from '../../../src/clip.ts'
import { sha256 } from '../../../src/hash.ts'
import { createLoader, type Loader, type LoaderOptions, localMaker, openShared, openTrainingShards, planOf, poolMaker, type RecipeSpec, recipeOf, sharedClips, sharedPictures, sourceOfClips, storedFrames } from '../../../src/loader/index.ts'
import { readClips } from '../../../src/store/index.ts'
import { jpegHere } from '../../jpeg.ts'
import { twinStoreOnce } from '../../made-once.ts'
import { temporaryFolder } from '../../store/folder.ts'
import { fingerprints } from '../loaders.ts'

let storeDir: string
let clips: Clip[]
let recipe: RecipeSpec

beforeAll(async () => {
  storeDir = await twinStoreOnce('penn-action', { clips: 4, seed: 1, frames: true }, 'embed')
  clips = await readClips(storeDir, 'penn-action')
  recipe = {
    seed: 3, skeleton: entryOf(await readCatalog(), 'penn-action').skeleton, frames: 12, points: { persons: 1, dims: 2 },
    pictures: { width: 48, height: 48, layout: 'nchw', dtype: 'float32', mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25], region: 'box', frames: 4 },
    views: [[{ name: 'resample' }, { name: 'crop' }], [{ name: 'resample' }, { name: 'speed' }, { name: 'crop' }, { name: 'flip' }, { name: 'rotate' }, { name: 'translate' }]],
  }
})

function options(more: Partial<LoaderOptions>): Omit<LoaderOptions, 'maker'> {
  return { plan: planOf({ seed: 3 }, sourceOfClips(clips).clips), split: sha256('split'), root: sha256('root'), batchSize: 2, epochs: 3, ...more }
}

function local(more: Partial<LoaderOptions> = {}): Loader {
  const source = sourceOfClips(clips)
  return createLoader({ ...options(more), maker: () => localMaker({ source, recipe: recipeOf(recipe, { pictures: storedFrames({ storeDir }, source.clips) }) }) })
}

function pooled(workers: number, more: Partial<LoaderOptions> = {}): Loader {
  return createLoader({ ...options(more), maker: () => poolMaker({ source: sharedClips(clips), recipe, pictures: { storeDir }, workers, samples: 2 }) })
}

describe.skipIf(!jpegHere)('batches with pictures (@julusian/jpeg-turbo must be there)', () => {
  test('are the same made in threads, to the last byte', async () => {
    const whole = await fingerprints(local())
    expect(whole).toHaveLength(6)
    expect(await fingerprints(pooled(2))).toEqual(whole)
  })

  test('are resumed exactly after a loader was left early, while its threads decode', async () => {
    const whole = await fingerprints(local())
    const left = pooled(2)
    for await (const batch of left) if (batch.state.next === 4) break
    expect(await fingerprints(pooled(1, { state: whole[1]!.state }))).toEqual(whole.slice(2))
  })

  test('that training shards keep are the same in threads, and others than the store has', async () => {
    const shards = await openTrainingShards({ storeDir, dataset: 'penn-action', name: 'all', cacheDir: await temporaryFolder(), memoryBytes: 0, pictures: { short: 64, quality: 90 } })
    const given = { kind: 'shards', opened: shards.opened } as const
    const source = openShared(given)
    const loader = (maker: LoaderOptions['maker']): Loader => createLoader({ ...options({ epochs: 1 }), plan: planOf({ seed: 3 }, source.clips), maker })
    const here = await fingerprints(loader(() => localMaker({ source, recipe: recipeOf(recipe, { pictures: sharedPictures(given)! }) })))
    expect(await fingerprints(loader(() => poolMaker({ source: given, recipe, workers: 2, samples: 2 })))).toEqual(here)
    const hashOf = (name: string, [first]: typeof here) => first!.hashes.find(([tensor]) => tensor === name)
    const straight = await fingerprints(local({ epochs: 1 }))
    expect(hashOf('points', here)).toEqual(hashOf('points', straight))
    expect(hashOf('pictures', here)).not.toEqual(hashOf('pictures', straight))
    source.close()
    await shards.close()
  })
})
