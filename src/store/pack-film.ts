import type { Image, Proxy } from '../film.ts'
import type { Hash } from '../hash.ts'
import { encodeRows, startEncoding, type Value } from './canonical.ts'
import { leafHash } from './merkle.ts'
import type { PackedClip } from './pack-clip.ts'
import { columnsOf } from './schema.ts'

/** A film as it goes into a shard: its clips, and the rows of its pictures, with the image files where they are embedded. */
export type PackedFilm = {
  readonly id: string
  /** In order of id. */
  readonly clips: readonly PackedClip[]
  /** Rows of images without the film, `file` and `offset`. */
  readonly images: readonly (readonly Value[])[]
  /** The image files one after the other, in one buffer (transferable), of the images whose row says that they are embedded. */
  readonly pictures: Uint8Array | null
  readonly proxy: Proxy | null
  /** The logical hash of pictures and proxy; null = there are none. */
  readonly hash: Hash | null
}

/** The columns of images that are hashed and packed: all but the film, and where the store put the bytes. */
export const packedImageColumns = columnsOf('images').slice(1, -2)
const BYTES = packedImageColumns.findIndex(({ name }) => name === 'bytes')
const EMBEDDED = packedImageColumns.findIndex(({ name }) => name === 'embedded')

/** Puts a film together out of its packed clips and its pictures. */
export function packFilm(id: string, clips: readonly PackedClip[], { images, proxy }: { images: readonly Image[] | null; proxy: Proxy | null }): PackedFilm {
  const rows = (images ?? []).map(({ frame, path, width, height, pts, hash, bytes, data }): Value[] => [frame, path, width, height, pts, hash, bytes, data !== null])
  const data = (images ?? []).flatMap((image) => (image.data === null ? [] : [image.data]))
  return { id, clips, images: rows, pictures: data.length === 0 ? null : joined(data), proxy, hash: hashFilm(id, rows, proxy?.frames ?? null) }
}

/** The logical hash of a film's pictures: a Merkle leaf over its id, their rows and the frames of its proxy; null when it has neither. */
export function hashFilm(id: string, images: readonly (readonly Value[])[], proxyFrames: number | null): Hash | null {
  if (images.length === 0 && proxyFrames === null) return null
  const encoding = startEncoding()
  encoding.text(id)
  encodeRows(encoding, packedImageColumns, images)
  encoding.f64(proxyFrames ?? NaN)
  return leafHash(encoding.bytes())
}

/** The embedded image files of a film, each a view into its one buffer; `null` where a picture is not embedded. */
export function picturesOf({ images, pictures }: PackedFilm): (Uint8Array | null)[] {
  let at = 0
  return images.map((row) => {
    if (row[EMBEDDED] !== true) return null
    const bytes = Number(row[BYTES])
    at += bytes
    return pictures!.subarray(at - bytes, at)
  })
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** A film without some of its clips; null = nothing is left: its pictures go with its last clip. */
export function withoutClips(film: PackedFilm, isOut: (clip: PackedClip) => boolean): PackedFilm | null {
  const clips = film.clips.filter((clip) => !isOut(clip))
  return clips.length === 0 && film.clips.length > 0 ? null : { ...film, clips }
}
