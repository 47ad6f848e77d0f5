import type { DatasetEntry } from '../catalog.ts'
import type { Clip, Quarantined } from '../clip.ts'
import type { Image, Proxy } from '../film.ts'
import type { Precision } from '../store/schema.ts'
import type { RawFolder } from './raw-folder.ts'

/** What becomes of pictures: not looked at, path and hash, the files themselves, or a small video made of a video. */
export type FramesMode = 'none' | 'reference' | 'embed' | 'proxy'

/** One film to read (a recording seen by one camera): plain data, so that it can be handed to any thread. Paths are relative to the raw folder. */
export type PlanItem<Facts = unknown> = {
  /** The film's id, unique over all data sets; its clips are called the same, or the same, `#` and their source. */
  readonly id: string
  /** The raw file or folder that holds it; what `--include` is matched against. */
  readonly path: string
  /** Every file and folder that reading it may open; a folder stands for the files right in it. While none of them changes, it is not read again. */
  readonly inputs: readonly string[]
  /** What else the adapter found out by names alone. */
  readonly facts: Facts
}

/** What a raw folder holds, before anything but names and lists is read. */
export type Plan<Facts = unknown> = {
  /** Sorted by id, in Unicode code units. */
  readonly items: readonly PlanItem<Facts>[]
  readonly hasFrames: boolean
  /** Every recording of the published data set is there, and it is no twin: only then are the catalog's counts asserted. */
  readonly complete: boolean
  /** What a whole download also has and this one lacks, for people: `no videos`, `poses of 12 of 371 scans`. */
  readonly missing: readonly string[]
  /** Files beside the expected ones that are no part of the data set, sorted. */
  readonly ignored: readonly string[]
  /** What is wrong with files that no item depends on alone, such as a list or a database. */
  readonly quarantined: readonly Quarantined[]
}

export type AdapterContext = {
  readonly entry: DatasetEntry
  readonly raw: RawFolder
  /** Already settled: `none` where there are no frames. */
  readonly frames: FramesMode
  /** What the user says; null = what the data set says. */
  readonly fps: number | null
  /** How coordinates will rest; left out: as they are. */
  readonly precision?: Precision | undefined
  /** A folder for drafts such as proxies; null outside an ingest. */
  readonly scratch: string | null
}

export type FilmRead = {
  /** Sorted by id; empty when nothing of the film could be read. */
  readonly clips: readonly Clip[]
  /** In order of frame; null = no pictures at hand, or none asked for. */
  readonly images: readonly Image[] | null
  readonly proxy: Proxy | null
  /** What of it could not be read. */
  readonly quarantined: readonly Quarantined[]
}

/**
 * All that is known about one raw layout. `discover` throws ToolkitError when the folder cannot be the data set at all;
 * `read` answers what is wrong with a file as Quarantined, never throws for the contents of a file, and depends on nothing but its item and the files it names.
 */
export type Adapter<Facts = unknown> = {
  /** Films that share a shard on average, at most: fewer where films are long. */
  readonly filmsPerShard: number
  discover(context: Omit<AdapterContext, 'scratch'>): Promise<Plan<Facts>>
  read(context: AdapterContext, item: PlanItem<Facts>): Promise<FilmRead>
}
