import type { DatasetEntry } from '../../src/catalog.ts'
import type { Clip } from '../../src/clip.ts'
import type { Adapter, AdapterContext, FilmRead, FramesMode, PlanItem } from '../../src/ingest/adapter.ts'
import { openRawFolder } from '../../src/ingest/raw-folder.ts'

/** What an adapter is handed for a raw folder. */
export function contextOf(entry: DatasetEntry, rawDir: string, { frames = 'reference', fps = null }: { frames?: FramesMode; fps?: number | null } = {}): AdapterContext {
  return { entry, raw: openRawFolder(rawDir), frames, fps, scratch: null }
}

/** Reads every film of a raw folder, in order of id. */
export async function readFilms<F>(adapter: Adapter<F>, context: AdapterContext): Promise<FilmRead[]> {
  const read = []
  for (const item of (await adapter.discover(context)).items) read.push(await adapter.read(context, item))
  return read
}

/** The one clip of a film of which nothing is set aside. */
export async function readOneClip<F>(adapter: Adapter<F>, context: AdapterContext, item: PlanItem<F>): Promise<Clip> {
  const { clips, quarantined } = await adapter.read(context, item)
  if (quarantined.length > 0 || clips.length !== 1) throw new Error(`${clips.length} clips of ${item.id}; ${quarantined.map(({ source, message }) => `${source}: ${message}`).join('; ')}`)
  return clips[0]!
}
