import { join } from 'node:path'
import { sha256 } from '../../hash.ts'
import type { EntryFile } from './entry.ts'
import type { UnreadablePicture } from './entry-source.ts'
import { type Picture, pictureFileOf, type PicturePlace } from './picture-file.ts'
import { pictureShardName } from './shard-name.ts'
import { writeDurably } from './write-durably.ts'

/** A shard ends with the film that fills it: a film is never in two. */
const SHARD_BYTES = 2 ** 25

/** Which pictures a film has: numbers counted through all shards, [start, end). */
export type FilmPictures = { readonly start: number; readonly end: number }

/** What was written: the files, each picture's place, the pictures of each film, and those of which nothing could be made. */
export type WrittenPictures = {
  readonly files: readonly EntryFile[]; readonly places: readonly (PicturePlace & { readonly shard: number })[]; readonly films: ReadonlyMap<string, FilmPictures>
  readonly unreadable: readonly UnreadablePicture[]
}

/** A picture made smaller, or what is wrong with it. */
export type FilmPicture = { readonly frame: number; readonly path: string } & ({ readonly jpeg: Uint8Array } | Pick<UnreadablePicture, 'code' | 'fault'>)

export type PictureWriter = {
  /** The pictures of a film, in order of frame. */
  addFilm(film: string, pictures: readonly FilmPicture[]): Promise<void>
  finish(): Promise<WrittenPictures>
}

/** Writes pictures as shards into a folder, film after film; one shard is in memory at a time. */
export function createPictureWriter(folder: string): PictureWriter {
  const [files, places, films, unreadable]: [EntryFile[], (PicturePlace & { shard: number })[], Map<string, FilmPictures>, UnreadablePicture[]] = [[], [], new Map(), []]
  let [pending, pendingBytes]: [Picture[], number] = [[], 0]

  async function endShard(): Promise<void> {
    if (pending.length === 0) return
    const { bytes, places: written } = pictureFileOf(pending)
    const file = pictureShardName(files.length)
    for (const place of written) places.push({ ...place, shard: files.length })
    await writeDurably(join(folder, file), [bytes])
    files.push({ file, bytes: bytes.length, sha256: sha256(bytes) })
    ;[pending, pendingBytes] = [[], 0]
  }

  return {
    async addFilm(film, pictures) {
      const start = places.length + pending.length
      for (const { frame, path, ...made } of pictures) {
        if ('fault' in made) {
          unreadable.push({ film, frame, path, ...made })
          continue
        }
        pending.push({ film, frame, jpeg: made.jpeg })
        pendingBytes += made.jpeg.length
      }
      films.set(film, { start, end: places.length + pending.length })
      if (pendingBytes >= SHARD_BYTES) await endShard()
    },
    async finish() {
      await endShard()
      return { files, places, films, unreadable }
    },
  }
}
