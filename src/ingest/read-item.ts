import type { DatasetEntry } from '../catalog.ts'
import { isQuarantined, type Quarantined } from '../clip.ts'
// not by way of store/index.ts: a reading thread needs neither DuckDB nor zod, and starts in a third of the time
import { packClip, type PackedClip } from '../store/pack-clip.ts'
import type { StoreSchema } from '../store/schema.ts'
import type { Adapter, PlanItem } from './adapter.ts'

/** What reading needs to know beside the item; plain data, so that threads can have it. */
export type Reading = { readonly entry: DatasetEntry; readonly rawDir: string; readonly schema: StoreSchema }
export type ReadItem = PackedClip | Quarantined

/** Reads one raw file, lays it out in rows and hashes it. */
export async function readItem(adapter: Adapter, { entry, rawDir, schema }: Reading, item: PlanItem): Promise<ReadItem> {
  const clip = await adapter.read(entry, rawDir, item)
  return isQuarantined(clip) ? clip : packClip(clip, schema)
}
