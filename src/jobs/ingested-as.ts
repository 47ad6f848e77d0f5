import type { DatasetEntry } from '../catalog.ts'
import type { Clip } from '../clip.ts'
import { filmOf } from '../film.ts'
import type { IngestOptions } from '../ingest/ingest.ts'
import type { Manifest } from '../store/index.ts'

/**
 * The options of the ingest that made a version, as far as the version shows them: pictures, precision, frames per second, and which films. `clips` are some of
 * the version's, or all.
 */
export function ingestedAs({ counts, shards, schema }: Manifest, clips: readonly Pick<Clip, 'id' | 'fps'>[], entry: DatasetEntry): Pick<IngestOptions, 'frames' | 'precision' | 'fps'> & { films: Set<string> } {
  const tables = new Set(shards.flatMap(({ files }) => files.map(({ table }) => table)))
  const rates = new Set(clips.map(({ fps }) => fps))
  const [fps = null] = rates
  return {
    frames: tables.has('proxies') ? 'proxy' : tables.has('pictures') ? 'embed' : counts.images === 0 ? 'none' : undefined,
    precision: schema.layouts.some(({ step }) => step !== undefined) ? 'int16' : 'float32',
    fps: rates.size === 1 && fps !== entry.fps ? fps : null,
    films: new Set(clips.map(({ id }) => filmOf(id))),
  }
}
