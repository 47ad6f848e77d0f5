import { ToolkitError } from '../errors.ts'
import { type Hash, sha256 } from '../hash.ts'
import {
  type BatchMaker, type ClipSource, createLoader, type DescribedPlan, type Loader, localMaker, openShared, openTrainingShards, planOf, poolMaker, type Recipe, recipeOf, type RecipeSpec,
  sharedPictures, type ShardRequest, storedFrames, type TrainingShards,
} from '../loader/index.ts'
import { presetOf } from '../transforms/index.ts'
import { type LoaderClips, loaderClips } from './loader-clips.ts'
import type { LoaderRequest } from './loader-request.ts'

/** A loader over a store, and what is known of it. Close it when it is done with. */
export type OpenLoader = {
  readonly loader: Loader
  readonly plan: DescribedPlan
  readonly source: ClipSource
  readonly recipe: Recipe
  readonly shards: TrainingShards
  /** What it is, as plain data: for whoever reads its batches. */
  readonly about: { readonly dataset: string; readonly split: { readonly name: string; readonly hash: Hash }; readonly side: string; readonly action: string | null; readonly root: Hash; readonly commit: Hash
    readonly recipe: RecipeSpec; readonly plan: DescribedPlan['spec']; readonly batch: number; readonly epochs: number; readonly clips: number; readonly leftOut: number }
  close(): Promise<void>
}

/** Bytes that clips may take in memory unless told: a hundred times Penn Action would be 2.5 GB, and is read from disk. */
const residentBytes = 2 ** 30

/** Opens the training shards of the clips asked for, which are made where they are not there yet, and a loader over them. Throws E_PRESET_UNKNOWN and what its parts throw. */
export async function openLoader(request: LoaderRequest): Promise<OpenLoader> {
  const { storeDir, dataset, side, action, views, seed, batch, epochs, memory, cacheDir, signal } = request
  const chosen = await loaderClips(request, request.tensors.points?.dims ?? request.tensors.streams?.dims ?? 2)
  const { entry, manifest, split, ids, leftOut } = chosen
  const { root, commit } = manifest
  const shards = await openTrainingShards({
    storeDir, dataset, version: commit, ids, cacheDir, signal, name: `split ${split.name}, ${side}`, memoryBytes: memory === undefined ? residentBytes : Math.floor(memory / 2), pictures: smallPictures(request) })
  const source = openShared({ kind: 'shards', opened: shards.opened })
  try {
    const plan = planOf({ ...request.plan, seed }, source.clips)
    checkBuckets(plan, batch)
    const spec: RecipeSpec = { seed, skeleton: entry.skeleton, frames: request.frames, views: typeof views === 'string' ? presetOf(views).views : views, ...request.tensors }
    const recipe = recipeOf(spec)
    const loader = createLoader({
      plan, root, seed, split: identityOf(chosen, request), batchSize: batch, epochs, world: request.world, lastBatch: request.lastBatch, heal: shards.heal,
      onBad: onBad(request, source), maker: () => makerOf(request, { spec, shards, source }),
      ...(request.state === undefined ? {} : { state: request.state }), ...(signal === undefined ? {} : { signal }),
    })
    const about = { dataset, split: { name: split.name, hash: split.hash }, side, action, root, commit, recipe: spec, plan: plan.spec, batch, epochs, clips: ids.length, leftOut }
    return { loader, plan, source, recipe, shards, about, close: async () => { source.close(); await shards.close() } }
  } catch (error) {
    source.close()
    await shards.close()
    throw error
  }
}

/** Samples of alike length come together only in batches of the size that they were put together for. */
function checkBuckets({ spec: { buckets } }: DescribedPlan, batch: number): void {
  if (buckets === undefined || buckets.batch === batch) return
  throw new ToolkitError('E_LOADER_PLAN', `buckets of ${buckets.batch} samples in batches of ${batch}`, { hint: `let both be ${batch}, over all ranks together` })
}

/** The hash of a split stands for its train side, whole; other parts of it have one of their own. */
function identityOf({ split }: LoaderClips, { side, action }: LoaderRequest): Hash {
  return side === 'train' && action === null ? split.hash : sha256(`${split.hash}\n${side}\n${action ?? ''}\n`)
}

/** At a quality at which a picture of 224 px keeps its edges. */
function smallPictures({ tensors: { pictures }, resize, rawDir }: LoaderRequest): ShardRequest['pictures'] {
  return pictures === undefined || resize === undefined ? undefined : { short: resize, quality: 90, ...(rawDir === undefined ? {} : { rawDir }) }
}

function makerOf({ storeDir, dataset, version, rawDir, resize, workers, batch, world, memory }: LoaderRequest, { spec, shards, source }: {
  spec: RecipeSpec; shards: TrainingShards; source: ClipSource
}): BatchMaker {
  const shared = { kind: 'shards', opened: shards.opened } as const
  const place = { storeDir, ...(version === undefined ? {} : { version }), ...(rawDir === undefined ? {} : { rawDirs: { [dataset]: rawDir } }) }
  const pictures = spec.pictures === undefined || resize !== undefined ? undefined : place
  const frames = pictures === undefined ? sharedPictures(shared) : storedFrames(pictures, source.clips)
  if (workers === 0) return localMaker({ source, recipe: recipeOf(spec, frames === null ? {} : { pictures: frames }) })
  const share = memory === undefined ? {} : { memory: Math.floor(memory / 2) }
  return poolMaker({ source: shared, recipe: spec, pictures, workers, samples: Math.ceil(batch / world.size), ...share })
}

function onBad({ onBad: { policy, most, tell } }: LoaderRequest, { clips }: ClipSource): Parameters<typeof createLoader>[0]['onBad'] & object {
  if (policy === 'fail') return { policy }
  if (policy === 'skip') return { policy, most }
  return { policy, most, tell: (bad) => tell?.({ ...bad, clip: clips.id(bad.row) }) }
}
