import { filmOf } from '../../film.ts'
import { readImages, type StoredImage, streamFilms } from '../../store/index.ts'
import { type Pixels, storedFrames } from '../frames/index.ts'
import type { ClipTable } from '../clip-source.ts'
import type { EntrySource } from './entry-source.ts'

/** The films of the clips, or those of them that are named, each with its pictures: in the order of sha256(film). */
export async function* filmsOf({ storeDir, manifest, ids }: EntrySource, films: ReadonlySet<string> | null = null): AsyncGenerator<{ readonly id: string; readonly images: readonly StoredImage[] }> {
  const wanted = films ?? (ids === null ? null : new Set(ids.map(filmOf)))
  for await (const { id, images } of streamFilms(storeDir, manifest)) if (wanted === null || wanted.has(id)) yield { id, images }
}

/**
 * Some pictures of a film, in their order: image files, embedded or of the raw folder, or decoded frames of its video. Each is held against its hash. Throws
 * E_IMAGE_NOT_EMBEDDED where there is no raw folder to look in, and what `readImages` and `storedFrames` throw.
 */
export async function pictureFiles({ storeDir, manifest: { dataset, commit }, pictures }: EntrySource, film: string, images: readonly StoredImage[]): Promise<readonly (Uint8Array | Pixels)[]> {
  const rawDir = pictures?.rawDir
  if (rawDir === undefined || images.every(({ file }) => file !== null)) return readImages(storeDir, dataset, images)
  const source = storedFrames({ storeDir, rawDirs: { [dataset]: rawDir }, version: commit }, onlyFilm(dataset, film))
  const ready = await source.prepare!([{ row: 0, frames: images.map(({ frame }) => frame) }])
  return images.map(({ frame }) => ready.jpeg(0, frame) ?? ready.picture!(0, frame)!)
}

/** A table of one clip, which is called as its film is. */
function onlyFilm(dataset: string, film: string): ClipTable {
  return { count: 1, id: () => film, frames: Int32Array.of(0), label: () => ({ names: [dataset], codes: Int32Array.of(0) }) }
}
