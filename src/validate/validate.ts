import { type DatasetEntry, entryOf, readCatalog } from '../catalog.ts'
import { ToolkitError } from '../errors.ts'
import type { Skeleton } from '../skeleton.ts'
import { type Manifest, readManifest } from '../store/index.ts'
import { streamFilms } from '../store/stream-films.ts'
import type { Check } from './check.ts'
import { findFlaws, findSkeletonFlaws } from './find-flaws.ts'
import { type Findings, keepFirst } from './keep-first.ts'

export type ValidateOptions = {
  readonly storeDir: string
  readonly datasets: readonly string[]
  readonly catalogFiles?: readonly string[]
  readonly checks: readonly Check[]
  /** Most findings of a code that are kept; the counts are of all. */
  readonly limit?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/** What was found, and how many clips and frames were looked through. */
export type Validation = Findings & { readonly clips: number; readonly frames: number }

/**
 * Looks through data sets of a store for flaws, one shard in memory at a time: the answer does not depend on how films lie in shards. Throws E_NOT_INGESTED,
 * E_DATASET_UNKNOWN, E_SKELETON_CHANGED, and what reading the store throws.
 */
export async function validate({ storeDir, datasets, catalogFiles, checks, limit = Infinity, signal, onProgress }: ValidateOptions): Promise<Validation> {
  const catalog = await readCatalog(catalogFiles)
  const sources = await Promise.all(datasets.map(async (dataset) => ({ entry: entryOf(catalog, dataset), manifest: await readManifest(storeDir, dataset) })))
  const total = sources.reduce((sum, { manifest }) => sum + manifest.counts.clips, 0)
  const kept = keepFirst(checks, limit)
  let [clips, frames] = [0, 0]
  for (const { entry, manifest } of sources) {
    const skeletons = skeletonsOf(entry, manifest)
    for (const skeleton of skeletons.values()) kept.add(findSkeletonFlaws(entry.name, skeleton, checks))
    for await (const film of streamFilms(storeDir, manifest)) {
      signal?.throwIfAborted()
      for (const { clip } of film.clips) {
        const skeleton = clip.skeleton === null ? null : skeletons.get(clip.skeleton)!
        kept.add(findFlaws(clip, checks, { entry, skeleton, pictures: film.images.length === 0 ? null : film.images.length }))
        clips++
        frames += clip.frames
      }
      onProgress?.(clips, total)
    }
  }
  return { clips, frames, ...kept.result() }
}

/** The skeletons that the clips have, with their bones and twins, which only the catalog knows. */
function skeletonsOf(entry: DatasetEntry, { schema }: Manifest): Map<string, Skeleton> {
  return new Map(schema.layouts.flatMap(({ skeleton: name, joints }): [string, Skeleton][] => {
    if (name === null) return []
    const skeleton = entry.skeletons.find((skeleton) => skeleton.name === name)
    if (skeleton?.joints.join() === joints.join()) return [[name, skeleton]]
    const what = skeleton === undefined ? 'is not in the catalog' : 'has other joints in the catalog than in the store'
    throw new ToolkitError('E_SKELETON_CHANGED', `the skeleton "${name}" of ${entry.name} ${what}`, {
      hint: 'name the catalog file it was ingested with (--catalog), or ingest it again' })
  }))
}
