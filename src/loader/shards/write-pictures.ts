import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import { ToolkitError } from '../../errors.ts'
import { unpackFailure } from '../../thread-failure.ts'
import { openDecodingGate, withoutDecoding } from '../frames/decoding-gate.ts'
import type { EntrySource } from './entry-source.ts'
import { filmsOf, pictureFiles } from './picture-files.ts'
import { createPictureWriter, type FilmPicture, type WrittenPictures } from './picture-writer.ts'
import type { MadeSmaller } from './resize-worker.ts'

/** Pictures that are in memory at a time, before they are made smaller. */
const AT_ONCE = 64

/**
 * Writes the pictures of the clips' films into a folder, made smaller by as many threads as there are cores: film after film in the order of sha256(film), so that bytes
 * do not depend on the threads; what is wrong with a picture that cannot be decoded, or is lacking, takes its place. `films` null = all. Throws E_PICTURE_MISSING where there are none, E_JPEG_DECODER and what `pictureFiles` throws.
 */
export async function writePictures(
  folder: string, source: EntrySource, { films = null, signal }: { films?: ReadonlySet<string> | null; signal?: AbortSignal | undefined } = {},
): Promise<WrittenPictures> {
  const { short, quality, lacking = [] } = source.pictures!
  const known = new Map(lacking.map((picture) => [`${picture.film} ${picture.frame}`, picture]))
  const writer = createPictureWriter(folder)
  openDecodingGate()
  const pool = new Piscina({
    filename: new URL('../../../dist/loader/shards/resize-worker.js', import.meta.url).href, workerData: { short, quality }, maxThreads: availableParallelism(), minThreads: 1 })
  try {
    for await (const { id, images } of filmsOf(source, films)) {
      const pictures: FilmPicture[] = []
      for (let at = 0; at < images.length; at += AT_ONCE) {
        signal?.throwIfAborted()
        const some = images.slice(at, at + AT_ONCE)
        const there = some.filter(({ frame }) => !known.has(`${id} ${frame}`))
        const files = there.length === 0 ? [] : await pictureFiles(source, id, there)
        const smaller = await Promise.all(files.map((file) => pool.run(file) as Promise<MadeSmaller>))
        pictures.push(...some.map((image) => known.get(`${id} ${image.frame}`) ?? { frame: image.frame, path: image.path, ...pictureOf(smaller[there.indexOf(image)]!) }))
      }
      await writer.addFilm(id, pictures)
    }
    const written = await writer.finish()
    if (written.places.length + written.unreadable.length > 0) return written
    throw new ToolkitError('E_PICTURE_MISSING', `the store has no pictures of these clips of ${source.manifest.dataset}`, { hint: `posetta ingest ${source.manifest.dataset} RAW_DIR --frames embed, or reference` })
  } finally {
    await withoutDecoding(() => pool.destroy())
  }
}

function pictureOf(made: MadeSmaller): { readonly jpeg: Uint8Array } | { readonly code: 'E_PICTURE_UNREADABLE'; readonly fault: string } {
  if (made instanceof Uint8Array) return { jpeg: made }
  if ('fault' in made) return { code: 'E_PICTURE_UNREADABLE', fault: made.fault }
  throw unpackFailure(made)
}
