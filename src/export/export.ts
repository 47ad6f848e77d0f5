import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatasetEntry } from '../catalog.ts'
import { ToolkitError } from '../errors.ts'
import { filmOf } from '../film.ts'
import { sha256 } from '../hash.ts'
import type { Side, Split } from '../split.ts'
import { duckVersion } from '../store/duckdb.ts'
import { EXPORT_FILE, type ExportKind } from '../store/export-files.ts'
import type { ExportManifest } from '../store/export-manifest.ts'
import { readManifest, readSplit } from '../store/index.ts'
import { sealJson } from '../store/sealed-json.ts'
import { type StoredFilm, streamFilms } from '../store/stream-films.ts'
import { exportClips } from './export-clips.ts'
import { findExport, settleRequest } from './export-request.ts'
import { formats } from './formats.ts'
import { checkPlace, openOutputFolder } from './output-folder.ts'
import { openRestStore } from './rest-store.ts'

export type ExportOptions = {
  readonly storeDir: string
  readonly entry: DatasetEntry
  readonly kind: ExportKind
  /** Left out: every clip. */
  readonly split?: string | undefined
  readonly outputDir: string
  /** Whether image files that the store has go along, where the format holds them; true unless said. */
  readonly frames?: boolean
  /** Films that share a shard on average, at most, when the export is ingested; the way back is quickest when it is told. */
  readonly filmsPerShard?: number | undefined
  /** Version of this package. */
  readonly version: string
  /** Bytes after which a file of many clips ends. */
  readonly fileBytes?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

/** What was exported; `isUnchanged`: the same export lay there already. */
export type Exported = ExportManifest & { readonly outputDir: string; readonly isUnchanged: boolean }

const FILE_BYTES = 256 * 2 ** 20
const FILMS_PER_SHARD = 256

/**
 * Writes a data set, or the clips of a split of it, as others read it, into a folder that is whole or not there. The same request makes the same bytes. Throws
 * E_EXPORT_DIR, E_EXPORT_LICENCE, E_EXPORT_SPLIT, E_EXPORT_EMPTY, E_NOT_INGESTED, E_SPLIT_UNKNOWN, and the signal's reason when aborted.
 */
export async function exportDataset(options: ExportOptions): Promise<Exported> {
  const { storeDir, entry, kind, outputDir, frames: withPictures = true, filmsPerShard = FILMS_PER_SHARD, version, fileBytes = FILE_BYTES } = options
  const format = formats[kind]
  const manifest = await readManifest(storeDir, entry.name)
  const split = options.split === undefined ? null : await readSplit(storeDir, entry.name, options.split)
  const request = await settleRequest({ storeDir, entry, kind, format, writer: `posetta ${version}, DuckDB ${duckVersion()}`, withPictures }, manifest, split)
  const known = await findExport(outputDir, request)
  if (known !== null) return { ...known, outputDir, isUnchanged: true }
  await checkPlace(outputDir, storeDir)
  const folder = await openOutputFolder(outputDir)
  try {
    const sides = sidesOf(split)
    const films = sides === null ? manifest.counts.films : new Set([...sides.keys()].map(filmOf)).size
    const rest = await openRestStore(folder.dir, manifest, { films, filmsPerShard, isWhole: split === null, entry: sha256(JSON.stringify(entry)) })
    const selected = select(streamFilms(storeDir, manifest), { options, sides, total: sides?.size ?? manifest.counts.clips })
    const written = await exportClips(selected, { storeDir, entry, request, format, folder, rest, sides, fileBytes }).finally(rest.close)
    const result = { ...request, ...written, files: await folder.list() }
    await writeFile(join(folder.dir, EXPORT_FILE), sealJson(result))
    await folder.publish()
    return { ...result, outputDir, isUnchanged: false }
  } finally {
    await folder.close()
  }
}

/** How `posetta export` ends: 3 = done, but there are clips that the format cannot hold. */
export function exportExit({ leftOut }: Pick<Exported, 'leftOut'>): 0 | 3 {
  return leftOut.length > 0 ? 3 : 0
}

type Selection = { readonly options: ExportOptions; readonly sides: ReadonlyMap<string, Side> | null; readonly total: number }

function sidesOf(split: Split | null): Map<string, Side> | null {
  if (split === null) return null
  return new Map(Object.entries(split.sides).flatMap(([side, ids]) => (ids ?? []).map((id) => [id, side as Side] as const)))
}

/** Films with those of their clips that were asked for; films of none are left out. Throws E_EXPORT_SPLIT when the store has not all of them. */
async function* select(films: AsyncIterable<StoredFilm>, { options, sides, total }: Selection): AsyncGenerator<StoredFilm> {
  let done = 0
  for await (const film of films) {
    options.signal?.throwIfAborted()
    const clips = sides === null ? film.clips : film.clips.filter(({ clip }) => sides.has(clip.id))
    if (clips.length === 0) continue
    yield { ...film, clips }
    done += clips.length
    options.onProgress?.({ done, total })
  }
  if (done === total) return
  throw new ToolkitError('E_EXPORT_SPLIT', `the split "${options.split}" names ${total} clips, and the store has ${done} of them`, {
    hint: 'it was made on other data; make a split of the newest version under another name' })
}
