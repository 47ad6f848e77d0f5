import { join } from 'node:path'
import type { DatasetEntry } from '../catalog.ts'
import { ToolkitError } from '../errors.ts'
import type { Hash } from '../hash.ts'
import type { Side } from '../split.ts'
import { withDuck } from '../store/duckdb.ts'
import { INDEX_FILE, indexColumns } from '../store/export-files.ts'
import type { ExportManifest } from '../store/export-manifest.ts'
import { merkleRoot } from '../store/merkle.ts'
import { rowTable } from '../store/shard-tables.ts'
import { byId } from '../store/shards.ts'
import type { StoredClip, StoredFilm } from '../store/stream-films.ts'
import { parquetWriter } from '../store/write-parquet.ts'
import type { ExportRequest } from './export-request.ts'
import type { ClipPlace, ExportFormat } from './format.ts'
import { outgoingClip } from './outgoing-clip.ts'
import type { OutputFolder } from './output-folder.ts'
import { type Rest, restOf } from './rest-store.ts'

/** What clips are written with and into. */
type Writing = {
  readonly storeDir: string
  readonly entry: DatasetEntry
  readonly request: ExportRequest
  readonly format: ExportFormat
  readonly folder: OutputFolder
  readonly rest: Rest
  /** null = every clip, on no side. */
  readonly sides: ReadonlyMap<string, Side> | null
  readonly fileBytes: number
}
type Written = Pick<ExportManifest, 'clips' | 'frames' | 'clipsRoot' | 'leftOut'>

/** Writes those clips of films that the format can hold: its files, what they have no room for, and the index. Throws E_EXPORT_EMPTY. */
export async function exportClips(films: AsyncIterable<StoredFilm>, writing: Writing): Promise<Written> {
  const { storeDir, entry, request, format, folder, rest, sides, fileBytes } = writing
  const writer = await format.open({ entry, folder, about: request, fileBytes })
  const written: WrittenClip[] = []
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
  if (written.length === 0) throw nothingLeft(request, [...leftOut.values()])
  await rest.finish()
  const clips = written.sort(byId)
  await writeIndex(folder, clips, await writer.finish())
  const lacking = [...leftOut.values()].sort((a, b) => (a.code < b.code ? -1 : 1))
  return { clips: clips.length, frames, clipsRoot: merkleRoot(clips.map(({ hash }) => hash)), leftOut: lacking }
}

const EXAMPLES = 5

type WrittenClip = { readonly id: string; readonly hash: Hash; readonly side: Side | null }

async function writeIndex({ dir }: OutputFolder, clips: readonly WrittenClip[], places: ReadonlyMap<string, ClipPlace>): Promise<void> {
  const rows = clips.map(({ id, hash, side }) => [id, side, hash, places.get(id)!.file, places.get(id)!.place])
  await withDuck((duck) => parquetWriter(duck)(join(dir, INDEX_FILE), rowTable(indexColumns, rows, { posetta: 'export 1' })), { threads: 1 })
}

function nothingLeft({ kind, dataset, split }: ExportRequest, leftOut: Written['leftOut']): ToolkitError {
  const [first] = leftOut
  const of = split === null ? dataset : `${dataset} in the split "${split.name}"`
  const message = first === undefined ? `there are no clips of ${of}` : `${kind} can hold none of the clips of ${of}: ${first.message}`
  return new ToolkitError('E_EXPORT_EMPTY', message)
}
