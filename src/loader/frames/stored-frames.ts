import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ToolkitError } from '../../errors.ts'
import type { FfmpegPrograms } from '../../ffmpeg.ts'
import { filmOf, type Proxy } from '../../film.ts'
import { sha256 } from '../../hash.ts'
import type { StoredImage } from '../../store/index.ts'
import type { ClipTable } from '../clip-source.ts'
import type { FrameSource, FramesWanted } from './frame-source.ts'
import { framesOfVideo } from './video-frames.ts'
import type { Pixels, Size } from './warp.ts'

/** Where the pictures of a store's clips are. */
export type StoredPlace = {
  readonly storeDir: string
  /** The raw folders of data sets whose pictures are kept by reference. */
  readonly rawDirs?: Readonly<Record<string, string>>
  /** The newest one unless named. */
  readonly version?: string
  readonly programs?: FfmpegPrograms
}

type Film = { readonly dataset: string; readonly images: ReadonlyMap<number, StoredImage>; readonly proxy: Proxy | null }
type Brought = { readonly pictures: ReadonlyMap<number, Uint8Array | Pixels>; readonly size: Size; readonly place: string }

/** Loaded when a picture is wanted: most of a thread's start would be that. */
const store = () => import('../../store/index.ts')

/** How many films' tables of images are remembered. */
const most = 64

/**
 * The pictures of a store: embedded ones; else those of the raw folder, if it is named: image files, or a video; else the proxy. Each embedded or image file is held against its sha256,
 * each frame of a video against its own hash; a proxy has none of single frames. `prepare` first. Throws what `listImages` and `readImages` throw; E_PICTURE_MISSING, E_PICTURE_CHANGED, E_PICTURE_UNREADABLE.
 */
export function storedFrames(place: StoredPlace, clips: ClipTable): FrameSource {
  const { names, codes } = clips.label('dataset')
  return storedFilms(place, (row) => ({ dataset: names[codes[row]!]!, id: clips.id(row) }))
}

/** The same of rows that `clipOf` names. */
export function storedFilms(place: StoredPlace, clipOf: (row: number) => { readonly dataset: string; readonly id: string }): FrameSource {
  const films = new Map<string, Promise<Film>>()

  function filmOfRow(row: number): Promise<Film> {
    const { dataset, id: clip } = clipOf(row)
    const id = filmOf(clip)
    const film = films.get(id) ?? openFilm(place, dataset, id)
    films.delete(id)
    films.set(id, film)
    // what failed may work the next time
    film.catch(() => films.delete(id))
    if (films.size > most) films.delete(films.keys().next().value!)
    return film
  }

  return {
    jpeg: () => { throw new Error('pictures of a store are prepared before they are drawn') },
    async prepare(wanted) {
      const rows = new Map<number, Brought>()
      for (const [row, frames] of byRow(wanted)) rows.set(row, await bring(await filmOfRow(row), frames, { ...place, clip: clipOf(row).id }))
      return preparedFrames(rows)
    },
  }
}

function preparedFrames(rows: ReadonlyMap<number, Brought>): FrameSource {
  const pictureOf = (row: number, frame: number): Uint8Array | Pixels | null => rows.get(row)?.pictures.get(frame) ?? null
  return {
    size: (row, recorded) => {
      const size = rows.get(row)?.size
      return size !== undefined && isScaled(recorded, size) ? size : recorded
    },
    place: (row) => rows.get(row)?.place ?? 'not prepared',
    jpeg: (row, frame) => {
      const picture = pictureOf(row, frame)
      return picture instanceof Uint8Array ? picture : null
    },
    picture: (row, frame) => {
      const picture = pictureOf(row, frame)
      return picture instanceof Uint8Array ? null : picture
    },
  }
}

/** Whether a picture has the proportions of the recorded frame, within the two px that rounding to even sides may take. */
function isScaled(recorded: Size, { width, height }: Size): boolean {
  return Math.abs((recorded.width * height) / recorded.height - width) <= 2
}

function byRow(wanted: readonly FramesWanted[]): Map<number, number[]> {
  const rows = new Map<number, Set<number>>()
  for (const { row, frames } of wanted) rows.set(row, new Set([...(rows.get(row) ?? []), ...frames]))
  return new Map([...rows].map(([row, frames]) => [row, [...frames].sort((a, b) => a - b)]))
}

async function openFilm({ storeDir, version }: StoredPlace, dataset: string, id: string): Promise<Film> {
  const { findProxy, listImages } = await store()
  const images = await listImages(storeDir, dataset, id, { version })
  return { dataset, images: new Map(images.map((image) => [image.frame, image])), proxy: await findProxy(storeDir, dataset, id, { version }) }
}

async function bring({ dataset, images, proxy }: Film, frames: readonly number[], { storeDir, rawDirs, programs, clip }: StoredPlace & { readonly clip: string }): Promise<Brought> {
  const wanted = frames.map((frame) => images.get(frame) ?? missing(clip, frame))
  const [{ file, path, bytes, width, height }] = wanted as [StoredImage]
  const options = programs === undefined ? {} : { programs }
  const rawDir = rawDirs?.[dataset]
  if (file === null && rawDir === undefined && proxy !== null) {
    const pictures = await framesOfVideo(proxy.file, wanted.map(({ frame }) => ({ frame, pts: null, hash: null })), options)
    return { pictures, size: [...pictures.values()][0]!, place: proxy.file }
  }
  if (file !== null || rawDir === undefined) {
    const { readImages } = await store()
    const read = await readImages(storeDir, dataset, wanted)
    return { pictures: new Map(wanted.map(({ frame }, at) => [frame, read[at]!])), size: { width, height }, place: `shards/${file}` }
  }
  if (bytes === null) return { pictures: await framesOfVideo(join(rawDir, path), wanted, options), size: { width, height }, place: path }
  const read = await Promise.all(wanted.map(async (image) => [image.frame, await readImageFile(rawDir, image, clip)] as const))
  return { pictures: new Map(read), size: { width, height }, place: path }
}

/** An image file of the raw folder, held against its sha256. Throws E_PICTURE_MISSING and E_PICTURE_CHANGED. */
export async function readImageFile(rawDir: string, { path, hash, frame }: StoredImage, clip: string): Promise<Uint8Array> {
  const bytes = await readFile(join(rawDir, path)).catch((cause: NodeJS.ErrnoException) => {
    throw new ToolkitError('E_PICTURE_MISSING', `the picture of frame ${frame} of ${clip} cannot be read: ${cause.message}`, { exit: 4, cause, hint: 'name the raw folder that was ingested' })
  })
  if (hash !== `sha256:${sha256(bytes)}`) {
    throw new ToolkitError('E_PICTURE_CHANGED', `the picture of frame ${frame} of ${clip}, "${path}", is not the one that was ingested`, { exit: 4, hint: 'bring the file back that was ingested, or ingest it again' })
  }
  return bytes
}

function missing(clip: string, frame: number): never {
  throw new ToolkitError('E_PICTURE_MISSING', `the picture of frame ${frame} of ${clip} is not in the store`, { exit: 4, hint: 'leave the clip out, or ingest it with all its frames' })
}
