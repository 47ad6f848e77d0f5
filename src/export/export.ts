import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatasetEntry } from '../catalog.ts'
import { ToolkitError } from '../errors.ts'
import { filmOf } from '../film.ts'
import type { Hash } from '../hash.ts'
import type { Side, Split } from '../split.ts'
import { duckVersion, withDuck } from '../store/duckdb.ts'
import { EXPORT_FILE, type ExportKind, INDEX_FILE, indexColumns } from '../store/export-files.ts'
import type { ExportManifest } from '../store/export-manifest.ts'
import { readManifest, readSplit } from '../store/index.ts'
import { merkleRoot } from '../store/merkle.ts'
import { sealJson } from '../store/sealed-json.ts'
import { rowTable } from '../store/shard-tables.ts'
import { byId } from '../store/shards.ts'
import { type StoredClip, type StoredFilm, streamFilms } from '../store/stream-films.ts'
import { parquetWriter } from '../store/write-parquet.ts'
import { type ExportRequest, findExport, settleRequest } from './export-request.ts'
import type { ClipPlace, ExportFormat } from './format.ts'
import { formats } from './formats.ts'
import { outgoingClip } from './outgoing-clip.ts'
import { checkPlace, openOutputFolder, type OutputFolder } from './output-folder.ts'
import { openRestStore, restOf } from './rest-store.ts'

export type ExportOptions = {
  readonly storeDir: string
  readonly entry: DatasetEntry
  readonly kind: ExportKind
  /** Left out: every clip. */
  readonly split?: string | undefined
  readonly outputDir: string
  /** Whether image files that the store has go along, where the format holds them; true unless said. */
  readonly frames?: boolean
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

/**
 * Writes a data set, or the clips of a split of it, as others read it, into a folder that is whole or not there. The same request makes the same bytes. Throws
 * E_EXPORT_DIR, E_EXPORT_LICENCE, E_EXPORT_SPLIT, E_EXPORT_EMPTY, E_NOT_INGESTED, E_SPLIT_UNKNOWN, and the signal's reason when aborted.
 */
export async function exportDataset(options: ExportOptions): Promise<Exported> {
  const { storeDir, entry, kind, outputDir, frames: withPictures = true, version } = options
  const format = formats[kind]
  const manifest = await readManifest(storeDir, entry.name)
  const split = options.split === undefined ? null : await readSplit(storeDir, entry.name, options.split)
  const request = await settleRequest({ storeDir, entry, kind, writer: `posetta ${version}, DuckDB ${duckVersion()}`, withPictures }, manifest, split, format)
  const known = await findExport(outputDir, request)
  if (known !== null) return { ...known, outputDir, isUnchanged: true }
  await checkPlace(outputDir, storeDir)
  const folder = await openOutputFolder(outputDir)
  try {
    const writing = { options, request, format, folder, sides: sidesOf(split) }
    const films = writing.sides === null ? manifest.counts.films : new Set([...writing.sides.keys()].map(filmOf)).size
    const rest = await openRestStore(folder.dir, manifest, { films, isWhole: split === null })
    const selected = select(streamFilms(storeDir, manifest), { ...writing, total: writing.sides?.size ?? manifest.counts.clips })
    const written = await writeClips(selected, writing, rest).finally(rest.close)
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

type Writing = {
  readonly options: ExportOptions
  readonly request: ExportRequest
  readonly format: ExportFormat
  readonly folder: OutputFolder
  /** null = every clip, on no side. */
  readonly sides: ReadonlyMap<string, Side> | null
}

function sidesOf(split: Split | null): Map<string, Side> | null {
  if (split === null) return null
  return new Map(Object.entries(split.sides).flatMap(([side, ids]) => (ids ?? []).map((id) => [id, side as Side] as const)))
}

/** Films with those of their clips that were asked for; films of none are left out. Throws E_EXPORT_SPLIT when the store has not all of them. */
async function* select(films: AsyncIterable<StoredFilm>, { options, sides, total }: Writing & { readonly total: number }): AsyncGenerator<StoredFilm> {
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

type Written = Pick<ExportManifest, 'clips' | 'frames' | 'clipsRoot' | 'leftOut'>

async function writeClips(films: AsyncIterable<StoredFilm>, { options, request, format, folder, sides }: Writing, rest: Awaited<ReturnType<typeof openRestStore>>): Promise<Written> {
  const { storeDir, entry, fileBytes = FILE_BYTES } = options
  const writer = await format.open({ entry, folder, about: request, fileBytes })
  const written: { id: string; hash: Hash; side: Side | null }[] = []
  const leftOut = new Map<string, { code: string; message: string; count: number; examples: string[] }>()
  let frames = 0
  for await (const film of films) {
    const kept: StoredClip[] = []
    for (const stored of film.clips) {
      const { clip, hash } = stored
      const lack = format.lack(clip)
      if (lack !== null) {
        const known = leftOut.get(lack.code) ?? { ...lack, count: 0, examples: [] }
        leftOut.set(lack.code, { ...known, count: known.count + 1, examples: [...known.examples, clip.id].slice(0, EXAMPLES) })
        continue
      }
      const side = sides?.get(clip.id) ?? null
      await writer.add(outgoingClip({ storeDir, entry, request, side }, stored, film.images))
      kept.push({ ...stored, clip: restOf(clip, format.holdsConfidence(clip)) })
      written.push({ id: clip.id, hash, side })
      frames += clip.frames
    }
    if (kept.length > 0) await rest.add({ ...film, clips: kept })
  }
  if (written.length === 0) throw nothingLeft(options, [...leftOut.values()])
  await rest.finish()
  const clips = written.sort(byId)
  await writeIndex(folder, clips, await writer.finish())
  return { clips: clips.length, frames, clipsRoot: merkleRoot(clips.map(({ hash }) => hash)), leftOut: [...leftOut.values()].sort((a, b) => (a.code < b.code ? -1 : 1)) }
}

const EXAMPLES = 5

async function writeIndex({ dir }: OutputFolder, clips: readonly { id: string; hash: Hash; side: Side | null }[], places: ReadonlyMap<string, ClipPlace>): Promise<void> {
  const rows = clips.map(({ id, hash, side }) => [id, side, hash, places.get(id)!.file, places.get(id)!.place])
  await withDuck((duck) => parquetWriter(duck)(join(dir, INDEX_FILE), rowTable(indexColumns, rows, { posetta: 'export 1' })), { threads: 1 })
}

function nothingLeft({ kind, entry, split }: ExportOptions, leftOut: Written['leftOut']): ToolkitError {
  const [first] = leftOut
  const of = split === undefined ? entry.name : `${entry.name} in the split "${split}"`
  return new ToolkitError('E_EXPORT_EMPTY', first === undefined ? `there are no clips of ${of}` : `${kind} can hold none of the clips of ${of}: ${first.message}`)
}
