import type { DatasetEntry } from '../catalog.ts'
import type { Clip, SourceRef } from '../clip.ts'
import { ToolkitError } from '../errors.ts'
import { filmOf } from '../film.ts'
import type { Hash } from '../hash.ts'
import { byteRanges, type ByteRange } from '../ingest/byte-ranges.ts'
import { hashFile } from '../ingest/large-file.ts'
import { openRawFolder, type RawFolder } from '../ingest/raw-folder.ts'
import { readAgain } from '../ingest/read-again.ts'
import { type ClipPlace, clipPlaces, listImages, type Manifest, readClips, type StoredImage } from '../store/index.ts'
import { ingestedAs } from './ingested-as.ts'

/** A raw file a clip was made of, which bytes of it, and whether it is as it was read; without a raw folder nobody has looked. */
export type RawLineage = SourceRef & {
  /** null = it is not known which. */
  readonly ranges: readonly ByteRange[] | null
  readonly state: 'as read' | 'changed' | 'missing' | 'not looked at'
}

/** Where a clip of a version comes from and where it rests. */
export type ClipLineage = ClipPlace & {
  readonly group: string
  readonly frames: number
  readonly source: string
  readonly raw: readonly RawLineage[]
  /** The logical hash of the clip read again from the raw folder; null = it cannot be read there; left out without a raw folder. */
  readonly decoded?: Hash | null
  /** Pictures of its film; left out unless asked for. */
  readonly images?: readonly Omit<StoredImage, 'data'>[]
}

/** The lineage of clips of a version, in order of id. With `rawDir` raw files are held against their sha256, and the clips read again. */
export async function clipLineages({ storeDir, manifest, ids, entry, rawDir, images }: {
  storeDir: string; manifest: Manifest; ids: readonly string[]; entry: DatasetEntry; rawDir: string | null; images: boolean
}): Promise<ClipLineage[]> {
  const { dataset, commit: version } = manifest
  const places = await clipPlaces(storeDir, manifest, ids)
  const clips = await readClips(storeDir, dataset, [...places.keys()], { version })
  const raw = rawDir === null ? null : openRawFolder(rawDir)
  const decoded = rawDir === null ? null : await decodedHashes({ storeDir, manifest, clips, entry, rawDir })
  const lineages = []
  for (const clip of clips) {
    const { id, group, frames, source, files } = clip
    const pictures = images ? await picturesOf(storeDir, dataset, clip, version) : null
    lineages.push({
      ...places.get(id)!, group, frames, source, raw: files.map((file) => rawLineage(file, raw)),
      ...(decoded === null ? {} : { decoded: decoded.get(id) ?? null }), ...(pictures === null ? {} : { images: pictures }),
    })
  }
  return lineages
}

function rawLineage(file: SourceRef, raw: RawFolder | null): RawLineage {
  if (raw === null) return { ...file, ranges: file.place === null ? [{ what: 'whole file', start: 0, end: file.bytes }] : null, state: 'not looked at' }
  if (raw.stat(file.path) === null) return { ...file, ranges: null, state: 'missing' }
  const isSame = hashFile(raw, file.path).sha256 === file.sha256
  return { ...file, ranges: isSame ? byteRanges(raw, file) : null, state: isSame ? 'as read' : 'changed' }
}

/** Clips read again, as the version was ingested; without those that cannot be. */
async function decodedHashes({ storeDir, manifest, clips, entry, rawDir }: {
  storeDir: string; manifest: Manifest; clips: readonly Clip[]; entry: DatasetEntry; rawDir: string
}): Promise<Map<string, Hash>> {
  const hashes = new Map<string, Hash>()
  if (clips.length === 0) return hashes
  for await (const { film } of readAgain({ ...ingestedAs(manifest, clips, entry), entry, storeDir, rawDir })) for (const { id, hash } of film?.clips ?? []) hashes.set(id, hash)
  return hashes
}

async function picturesOf(storeDir: string, dataset: string, { id }: Clip, version: string): Promise<Omit<StoredImage, 'data'>[]> {
  try {
    return (await listImages(storeDir, dataset, filmOf(id), { version })).map(({ data: _data, ...image }) => image)
  } catch (error) {
    if (error instanceof ToolkitError && error.code === 'E_FILM_UNKNOWN') return []
    throw error
  }
}
