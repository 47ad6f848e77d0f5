import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import { ToolkitError } from '../../errors.ts'
import { filmOf } from '../../film.ts'
import { streamFilms } from '../../store/index.ts'
import { unpackFailure } from '../../thread-failure.ts'
import { openDecodingGate, withoutDecoding } from '../frames/decoding-gate.ts'
import type { EntrySource } from './entry-source.ts'
import { pictureFiles } from './picture-files.ts'
import { createPictureWriter, type FilmPicture, type WrittenPictures } from './picture-writer.ts'
import type { MadeSmaller } from './resize-worker.ts'

/** Pictures that are in memory at a time, before they are made smaller. */
const AT_ONCE = 64

/**
 * Writes the pictures of the clips' films into a folder, made smaller by as many threads as there are cores: film after film in the order of sha256(film), so that bytes
 * do not depend on the threads; what is wrong with a picture that cannot be decoded takes its place. `films` null = all. Throws E_PICTURE_MISSING where there are none, E_JPEG_DECODER and what `pictureFiles` throws.
 */
export async function writePictures(
  folder: string, source: EntrySource, { films = null, signal }: { films?: ReadonlySet<string> | null; signal?: AbortSignal | undefined } = {},
): Promise<WrittenPictures> {
  const { storeDir, manifest, ids, pictures: resizing } = source
  const wanted = films ?? (ids === null ? null : new Set(ids.map(filmOf)))
  const writer = createPictureWriter(folder)
  openDecodingGate()
  const pool = new Piscina({
    filename: new URL('../../../dist/loader/shards/resize-worker.js', import.meta.url).href, workerData: resizing, maxThreads: availableParallelism(), minThreads: 1 })
  try {
    for await (const { id, images } of streamFilms(storeDir, manifest)) {
      if (wanted !== null && !wanted.has(id)) continue
      const pictures: FilmPicture[] = []
      for (let at = 0; at < images.length; at += AT_ONCE) {
        signal?.throwIfAborted()
        const some = images.slice(at, at + AT_ONCE)
        const files = await pictureFiles(source, id, some)
        const smaller = await Promise.all(files.map((file) => pool.run(file) as Promise<MadeSmaller>))
        pictures.push(...smaller.map((made, index) => ({ frame: some[index]!.frame, path: some[index]!.path, ...pictureOf(made) })))
      }
      await writer.addFilm(id, pictures)
    }
    const written = await writer.finish()
    if (written.places.length + written.unreadable.length > 0) return written
    throw new ToolkitError('E_PICTURE_MISSING', `the store has no pictures of these clips of ${manifest.dataset}`, { hint: `posetta ingest ${manifest.dataset} RAW_DIR --frames embed, or reference` })
  } finally {
    await withoutDecoding(() => pool.destroy())
  }
}

function pictureOf(made: MadeSmaller): { readonly jpeg: Uint8Array } | { readonly fault: string } {
  if (made instanceof Uint8Array) return { jpeg: made }
  if ('fault' in made) return made
  throw unpackFailure(made)
}
