import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import { ToolkitError } from '../../errors.ts'
import { filmOf } from '../../film.ts'
import { streamFilms } from '../../store/index.ts'
import { type ThreadFailure, unpackFailure } from '../../thread-failure.ts'
import { openDecodingGate, withoutDecoding } from '../frames/decoding-gate.ts'
import type { EntrySource } from './entry-source.ts'
import { pictureFiles } from './picture-files.ts'
import { createPictureWriter, type WrittenPictures } from './picture-writer.ts'

/** Pictures that are in memory at a time, before they are made smaller. */
const AT_ONCE = 64

/**
 * Writes the pictures of the clips' films into a folder, made smaller by as many threads as there are cores: film after film in the order of sha256(film), so that bytes
 * do not depend on the threads. `films` null = all. Throws E_PICTURE_MISSING where there are none, E_PICTURE_UNREADABLE for one that cannot be decoded, E_JPEG_DECODER and what `pictureFiles` throws.
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
      const pictures = []
      for (let at = 0; at < images.length; at += AT_ONCE) {
        signal?.throwIfAborted()
        const some = images.slice(at, at + AT_ONCE)
        const files = await pictureFiles(source, id, some)
        const smaller = await Promise.all(files.map((file) => pool.run(file) as Promise<Uint8Array | ThreadFailure>))
        pictures.push(...smaller.map((jpeg, index) => ({ frame: some[index]!.frame, jpeg: soundOf(jpeg, `frame ${some[index]!.frame} of ${id}`) })))
      }
      await writer.addFilm(id, pictures)
    }
    const written = await writer.finish()
    if (written.places.length > 0) return written
    throw new ToolkitError('E_PICTURE_MISSING', `the store has no pictures of these clips of ${manifest.dataset}`, { hint: `posetta ingest ${manifest.dataset} RAW_DIR --frames embed, or reference` })
  } finally {
    await withoutDecoding(() => pool.destroy())
  }
}

function soundOf(made: Uint8Array | ThreadFailure, place: string): Uint8Array {
  if (made instanceof Uint8Array) return made
  const failure = unpackFailure(made)
  if (failure instanceof ToolkitError) throw failure
  throw new ToolkitError('E_PICTURE_UNREADABLE', `${place}: ${failure.message}`, { exit: 4, cause: failure, hint: 'mend the picture and ingest it again, or train without pictures' })
}
