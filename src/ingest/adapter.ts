import type { DatasetEntry } from '../catalog.ts'
import type { Clip, Quarantined } from '../clip.ts'

/** One clip to read: plain data, so that it can be handed to any thread. Paths are relative to the raw folder, with forward slashes. */
export type PlanItem = {
  /** The clip's id, unique over all data sets. */
  readonly id: string
  /** The raw file that holds the clip; what `--include` is matched against. */
  readonly path: string
  /** Folder of the clip's frame files; null = frames are not looked at, or there are none at all. */
  readonly frames: string | null
  /** Annotated phases that lie beside the data set; null = none for this clip. */
  readonly phases: string | null
  /** Frames per second of the recording: the data set's, or what the user says; null = unknown. */
  readonly fps: number | null
  /** Where the keypoints come from: the catalog's word, or `synthetic` in a twin. */
  readonly source: string
}

/** What a raw folder holds, before anything but names is read. */
export type Plan = {
  /** Sorted by id. */
  readonly items: readonly PlanItem[]
  readonly hasFrames: boolean
  readonly hasPhases: boolean
  /** Every clip of the published data set has its file, and it is no twin: only then are the catalog's counts asserted. */
  readonly complete: boolean
  /** Files beside the expected ones that are no part of the data set, sorted. */
  readonly ignored: readonly string[]
}

export type DiscoverOptions = {
  /** `reference` asks for frames and fails without them; left out = by reference when they are there. */
  readonly frames?: 'none' | 'reference'
  readonly fps?: number | null
}

/**
 * All that is known about one raw layout. `discover` throws ToolkitError when the folder cannot be the data set at all;
 * `read` answers what is wrong with one file as Quarantined, never throws for the contents of a file, and depends on nothing but its item.
 */
export type Adapter = {
  discover(entry: DatasetEntry, rawDir: string, options?: DiscoverOptions): Promise<Plan>
  read(entry: DatasetEntry, rawDir: string, item: PlanItem): Promise<Clip | Quarantined>
}
