import { join } from 'node:path'
import { ToolkitError } from '../errors.ts'
import type { Value } from './canonical.ts'
import { affectedClips } from './affected-clips.ts'
import { withDuck } from './duckdb.ts'
import type { Image } from '../film.ts'
import { openImages } from './image-file.ts'
import { datasetFolder, readManifest } from './manifest.ts'
import { changedPicture, imageRows, isPicture } from './read-films.ts'
import { readVersion } from './read-version.ts'
import { shardOf } from './shards.ts'

/** Where a picture lies in the store: `offset` and `bytes` in a file under `shards/`. */
export type StoredImage = Image & { readonly file: string | null; readonly offset: number | null }

/** The pictures of a film in order of frame, without their bytes (`data` null); of the newest version unless named. Throws E_FILM_UNKNOWN when it has none of it. */
export async function listImages(storeDir: string, dataset: string, film: string, { version }: { version?: string | undefined } = {}): Promise<StoredImage[]> {
  const manifest = await readVersion(storeDir, dataset, version)
  const shard = manifest.shards.find(({ shard }) => shard === shardOf(film, manifest.shardBits))
  const rows = shard === undefined ? [] : await withDuck((duck) => imageRows(duck, datasetFolder(storeDir, dataset), shard, film))
  if (rows.length === 0) {
    throw new ToolkitError('E_FILM_UNKNOWN', `no pictures of the film "${film}" in the store`, { hint: `posetta ingest ${dataset} RAW_DIR --frames reference, or embed` })
  }
  return rows.map(toImage)
}

/** A row of the table of images. */
export function toImage([, frame, path, width, height, pts, hash, bytes, , file, offset]: readonly Value[]): StoredImage {
  return {
    frame: Number(frame), path: String(path), width: Number(width), height: Number(height), pts: pts === null ? null : Number(pts), hash: String(hash),
    bytes: bytes === null ? null : Number(bytes), data: null, file: file === null ? null : String(file), offset: offset === null ? null : Number(offset),
  }
}

/**
 * The embedded image files of some pictures of one film, in their order: one ranged read each, held against the picture's own sha256. Throws E_IMAGE_NOT_EMBEDDED
 * for one kept by reference, E_FILE_CHANGED for one that is not as it was written.
 */
export async function readImages(storeDir: string, dataset: string, images: readonly StoredImage[]): Promise<Uint8Array[]> {
  const [first] = images
  if (first === undefined) return []
  const absent = images.find(({ file }) => file === null)
  if (absent !== undefined) {
    throw new ToolkitError('E_IMAGE_NOT_EMBEDDED', `the picture "${absent.path}" is kept by reference, not in the store`, { hint: 'ingest with --frames embed, or read it from the raw folder' })
  }
  const folder = datasetFolder(storeDir, dataset)
  const opened = await openImages(join(folder, 'shards', first.file!))
  try {
    const read = []
    for (const image of images) {
      const picture = await opened.read({ offset: image.offset!, bytes: image.bytes! })
      if (!isPicture(picture, image.hash)) throw changedPicture(dataset, `shards/${image.file!}`, image.frame, await clipsOf(storeDir, dataset, image))
      read.push(picture)
    }
    return read
  } finally {
    await opened.close()
  }
}

async function clipsOf(storeDir: string, dataset: string, { file, offset }: StoredImage): Promise<string[] | null> {
  const { shards } = await readManifest(storeDir, dataset)
  const shard = shards.find(({ files }) => files.some((ref) => ref.file === file))
  return shard === undefined ? null : affectedClips(datasetFolder(storeDir, dataset), shard, { table: 'pictures', layout: null, file: file! }, [offset!])
}
