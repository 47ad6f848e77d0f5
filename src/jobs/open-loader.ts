import { ToolkitError } from '../errors.ts'
import type { Hash } from '../hash.ts'
import {
  type BatchMaker, type ClipSource, createLoader, type DescribedPlan, type Loader, localMaker, openShared, openTrainingShards, planOf, poolMaker, residentBytes, type Recipe, recipeOf, type RecipeSpec,
  shardQuality, sharedPictures, type SharedSource, type ShardRequest, storedFrames, type TrainingShards,
} from '../loader/index.ts'
import { bytesOfPiece, scratchFor } from '../loader/pieces.ts'
import { presetOf } from '../transforms/index.ts'
import { type ChosenClips, chosenClips } from './loader-clips.ts'
import type { LoaderRequest } from './loader-request.ts'

/** A loader over a store, and what is known of it. Close it when it is done with. */
export type OpenLoader = {
  readonly loader: Loader
  readonly plan: DescribedPlan
  readonly source: ClipSource
  readonly recipe: Recipe
  readonly shards: readonly TrainingShards[]
  /** What it is, as plain data: for whoever reads its batches. */
  readonly about: {
    readonly datasets: readonly {
      readonly dataset: string; readonly split: { readonly name: string; readonly hash: Hash }; readonly root: Hash; readonly commit: Hash; readonly clips: number; readonly leftOut: number
    }[]
    readonly side: string; readonly action: string | null; readonly recipe: RecipeSpec; readonly plan: DescribedPlan['spec']; readonly batch: number; readonly epochs: number
  }
  close(): Promise<void>
}

/** Bytes that clips may take in memory unless told: a hundred times Penn Action would be 2.5 GB, and is read from disk. */
const mostResident = 2 ** 30

/** A loader over the clips of a side that can be trained on. Throws what `chosenClips` and `openLoaderOf` throw. */
export async function openLoader(request: LoaderRequest): Promise<OpenLoader> {
  return openLoaderOf(await chosenClips(request), request)
}

/**
 * Opens the training shards of clips, which are made where they are not there yet, and a loader over them. Throws E_PRESET_UNKNOWN, E_LOADER_MEMORY, E_CACHE_READ_ONLY and what plan, recipe
 * and state throw.
 */
export async function openLoaderOf(chosen: ChosenClips, request: LoaderRequest): Promise<OpenLoader> {
  const { side, action, views, seed, batch, epochs, signal } = request
  const { skeleton } = chosen.parts[0]!.entry
  const spec: RecipeSpec = { seed, skeleton, frames: request.frames, views: typeof views === 'string' ? presetOf(views).views : views, ...request.tensors }
  const recipe = recipeOf(spec)
  checkMemory(request, spec, recipe)
  const shards = await openAll(request, chosen)
  const shared: SharedSource = { kind: 'joined', sources: shards.map(({ opened }) => ({ kind: 'shards', opened })) }
  const source = openShared(shared)
  const close = async (): Promise<void> => {
    source.close()
    for (const one of shards) await one.close()
  }
  try {
    const plan = planOf({ ...request.plan, seed }, source.clips)
    checkBuckets(plan, batch)
    checkViews(plan, spec)
    const loader = createLoader({
      plan, split: chosen.split, root: chosen.root, pictures: smallPictures(request) ?? null, batchSize: batch, epochs, world: request.world, lastBatch: request.lastBatch,
      heal: () => Promise.all(shards.map(({ heal }) => heal())), onBad: onBad(request, source), maker: () => makerOf(request, { spec, shared, source }),
      ...(request.state === undefined ? {} : { state: request.state }), ...(signal === undefined ? {} : { signal }),
    })
    const datasets = chosen.parts.map(({ manifest: { dataset, root, commit }, split: { name, hash }, ids, leftOut }) => ({ dataset, split: { name, hash }, root, commit, clips: ids.length, leftOut }))
    return { loader, plan, source, recipe, shards, about: { datasets, side, action, recipe: spec, plan: plan.spec, batch, epochs }, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function openAll(request: LoaderRequest, { parts }: ChosenClips): Promise<TrainingShards[]> {
  const { storeDir, side, action, memory, cacheDir, signal } = request
  const all: TrainingShards[] = []
  let memoryBytes = memory === undefined ? mostResident : Math.floor(memory / 2)
  try {
    for (const { manifest: { dataset, commit }, split, ids } of parts) {
      const shards = await openTrainingShards({ storeDir, dataset, version: commit, ids, cacheDir, signal, name: `split ${split.name}, ${side}${action === null ? '' : `, ${action}`}`, memoryBytes, pictures: smallPictures(request) })
      memoryBytes -= residentBytes(shards.opened)
      all.push(shards)
    }
    return all
  } catch (error) {
    for (const shards of all) await shards.close()
    throw error
  }
}

/** Samples of alike length come together only in batches of the size that they were put together for. */
function checkBuckets({ spec: { buckets } }: DescribedPlan, batch: number): void {
  if (buckets === undefined || buckets.batch === batch) return
  throw new ToolkitError('E_LOADER_PLAN', `buckets of ${buckets.batch} samples in batches of ${batch}`, { hint: `let both be ${batch}, over all ranks together` })
}

/** A partner is what the second view sees, and maps are drawn of px. */
function checkViews({ spec: { pairs } }: DescribedPlan, { views, points, streams, coordinates, heatmaps }: RecipeSpec): void {
  if (pairs !== undefined && views.length < 2) throw new ToolkitError('E_LOADER_PLAN', 'pairs need two views, there is 1', { hint: 'the second view is of the partner: choose a preset with two views, or name the steps of both' })
  if (heatmaps !== undefined && (points?.dims === 3 || streams?.dims === 3 || coordinates?.dims === 3)) throw new ToolkitError('E_LOADER_POINTS', 'heatmaps are drawn of joints in px, the tensors ask for clips of 3 dimensions', { hint: 'ask for heatmaps of the 2D clips, or for points alone' })
}

/** What threads share can be addressed with 32 bits; and what batches take when no memory is named. */
const sharedBytes = 2 ** 32

/** Two batches of this process's part have to fit in the half of the memory that is for batches, with what is needed to draw them: asked before anything is written, the same with threads as without. */
function checkMemory({ batch, world, memory, workers }: LoaderRequest, spec: RecipeSpec, { layout }: Recipe): void {
  const bytes = bytesOfPiece(layout(Math.ceil(batch / world.size)), scratchFor(spec))
  const half = memory === undefined ? sharedBytes : Math.floor(memory / 2)
  if (2 * bytes > half) {
    throw new ToolkitError('E_LOADER_MEMORY', `two batches of ${bytes} bytes do not fit in ${half} bytes${memory === undefined ? '' : `, the half of the memory of ${memory} that is for batches`}`, {
      hint: `allow a memory of ${4 * bytes} bytes (--memory), or choose a smaller batch, fewer frames or other tensors` })
  }
  if (workers > 0 && 2 * bytes > sharedBytes) {
    throw new ToolkitError('E_LOADER_MEMORY', `two batches of ${bytes} bytes do not fit in ${sharedBytes} bytes, which is all that threads can share`, {
      hint: 'make batches without threads (--workers 0), or choose a smaller batch, fewer frames or other tensors' })
  }
}

function smallPictures({ tensors: { pictures }, resize, rawDir }: LoaderRequest): ShardRequest['pictures'] {
  return pictures === undefined || resize === undefined ? undefined : { short: resize, quality: shardQuality, ...(rawDir === undefined ? {} : { rawDir }) }
}

function makerOf({ storeDir, datasets, version, rawDir, resize, workers, batch, world, memory }: LoaderRequest, { spec, shared, source }: {
  spec: RecipeSpec; shared: SharedSource; source: ClipSource
}): BatchMaker {
  const place = {
    storeDir, ...(version === undefined ? {} : { version }), ...(rawDir === undefined ? {} : { rawDirs: Object.fromEntries(datasets.map((dataset) => [dataset, rawDir])) }) }
  const pictures = spec.pictures === undefined || resize !== undefined ? undefined : place
  const share = memory === undefined ? {} : { memory: Math.floor(memory / 2) }
  if (workers > 0) return poolMaker({ source: shared, recipe: spec, pictures, workers, samples: Math.ceil(batch / world.size), ...share })
  const frames = pictures === undefined ? sharedPictures(shared) : storedFrames(pictures, source.clips)
  return { ...localMaker({ source, recipe: recipeOf(spec, frames === null ? {} : { pictures: frames }) }), close: async () => frames?.close?.() }
}

function onBad({ onBad: { policy, most, tell } }: LoaderRequest, { clips }: ClipSource): Parameters<typeof createLoader>[0]['onBad'] & object {
  if (policy === 'fail') return { policy }
  if (policy === 'skip') return { policy, most }
  return { policy, most, tell: (bad) => tell?.({ ...bad, clip: clips.id(bad.row) }) }
}
