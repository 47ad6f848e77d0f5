import type { Quarantined } from '../clip.ts'
import { ToolkitError } from '../errors.ts'
// not by way of store/index.ts: a reading thread needs neither DuckDB nor zod, and starts in a third of the time
import { packClip } from '../store/pack-clip.ts'
import { packFilm, type PackedFilm } from '../store/pack-film.ts'
import type { Adapter, AdapterContext, PlanItem } from './adapter.ts'
import { fingerprintOf } from './fingerprint.ts'
import { quarantinedBy } from './raw-folder.ts'

/** What reading needs to know beside the item; plain data, so that threads can have it. */
export type Reading = Omit<AdapterContext, 'raw'> & { readonly rawDir: string }

export type ReadItem = {
  readonly id: string
  /** null = it is to be read again in any case: something could not be opened that may be there the next time. */
  readonly fingerprint: string | null
  /** null = nothing of it could be read. */
  readonly film: PackedFilm | null
  readonly quarantined: readonly Quarantined[]
}

/** Failures of the disk rather than of the file. */
const PASSING = new Set(['E_RAW_READ', 'E_FFMPEG_MISSING'])

/** Reads one film, lays its clips out in rows and hashes them. */
export async function readItem(adapter: Adapter, context: AdapterContext, item: PlanItem): Promise<ReadItem> {
  try {
    const { fingerprint } = fingerprintOf(context.raw, item)
    const { clips, images, proxy, quarantined } = await adapter.read(context, item)
    const { skeletons } = context.entry
    const packed = clips.map((clip) => packClip(clip, skeletons.find(({ name }) => name === clip.skeleton)?.joints ?? [], context.precision))
    const film = packed.length === 0 ? null : packFilm(item.id, packed, { images, proxy })
    return { id: item.id, fingerprint: quarantined.some(({ code }) => PASSING.has(code)) ? null : fingerprint, film, quarantined }
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw new Error(`reading ${item.id} failed`, { cause: error })
    // a full disk is no fault of the raw file
    if (error.exit === 4) throw error
    return { id: item.id, fingerprint: null, film: null, quarantined: [quarantinedBy(error, item.path)] }
  }
}
