import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { ToolkitError } from '../errors.ts'
import type { Hash } from '../hash.ts'
import { type Disk, realDisk } from './disk.ts'
import { fileEnd, MAGIC, type RowGroup } from './image-layout.ts'
import { type FrameImage, type ImagePlace, rowGroup } from './image-row-group.ts'

export type ImageFileWriter = {
  /** Writes the images of one film, in their order, before it answers. */
  add(film: string, images: Iterable<FrameImage> | AsyncIterable<FrameImage>): Promise<ImagePlace[]>
  /** Ends the file. `offsets` are those of all images, in the order they came. */
  close(): Promise<{ rows: number; bytes: number; sha256: Hash; offsets: readonly number[] }>
  /** Removes the file, finished or not. */
  abort(): Promise<void>
}

type ImageFileOptions = { readonly metadata: Readonly<Record<string, string>>; readonly disk?: Disk }

const ROW_GROUP_BYTES = 1 << 24

/**
 * Writes a Parquet file of `film`, `frame` and `image`: a film is a row group, or one per 16 MiB. Its bytes depend on the rows and on `metadata` alone.
 * Calls run one after the other; when one has failed, those after it fail with the same error, but for `abort`.
 */
export async function openImageFile(path: string, { metadata, disk = realDisk }: ImageFileOptions): Promise<ImageFileWriter> {
  const handle = await disk.open(path, 'w')
  const hash = createHash('sha256')
  const groups: RowGroup[] = []
  const offsets: number[] = []
  let at = 0
  let work: Promise<unknown> = write([MAGIC])
  await work.catch(async (error: unknown) => {
    await abort().catch(() => {})
    throw error
  })

  async function write(buffers: readonly Uint8Array[]): Promise<void> {
    const written = writeAll(handle, buffers, at)
    for (const buffer of buffers) hash.update(buffer) // while another thread writes them
    at += sizeOf(buffers)
    await written
  }

  async function add(film: string, images: Iterable<FrameImage> | AsyncIterable<FrameImage>): Promise<ImagePlace[]> {
    const places: ImagePlace[] = []
    for await (const part of inGroups(images)) {
      const { buffers, group, places: placed } = rowGroup(film, part, at)
      await write(buffers)
      groups.push(group)
      for (const place of placed) {
        places.push(place)
        offsets.push(place.offset)
      }
    }
    return places
  }

  async function close(): Promise<{ rows: number; bytes: number; sha256: Hash; offsets: readonly number[] }> {
    await write([fileEnd(groups, { offset: at, metadata })])
    await handle.close()
    return { rows: offsets.length, bytes: at, sha256: hash.digest('hex'), offsets }
  }

  async function abort(): Promise<void> {
    await work.catch(() => {})
    await handle.close().catch(() => {})
    await disk.rm(path, { force: true })
  }

  function next<T>(begin: () => Promise<T>): Promise<T> {
    const begun = work.then(begin)
    work = begun
    return begun
  }

  return { add: (film, images) => next(() => add(film, images)), close: () => next(close), abort }
}

/** Images as they come, in parts of at most 16 MiB, or of one. */
async function* inGroups(images: Iterable<FrameImage> | AsyncIterable<FrameImage>): AsyncGenerator<FrameImage[]> {
  let [part, bytes]: [FrameImage[], number] = [[], 0]
  for await (const row of images) {
    if (part.length > 0 && bytes + row.image.length > ROW_GROUP_BYTES) {
      yield part
      part = []
      bytes = 0
    }
    part.push(row)
    bytes += row.image.length
  }
  if (part.length > 0) yield part
}

/** A system that is short of space may write a part, and says so only to who asks for the rest. */
async function writeAll(handle: FileHandle, buffers: readonly Uint8Array[], offset: number): Promise<void> {
  const { bytesWritten } = await handle.writev(buffers, offset)
  const missing = sizeOf(buffers) - bytesWritten
  if (missing > 0) await writeAll(handle, lastBytes(buffers, missing), offset + bytesWritten)
}

function lastBytes(buffers: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skipped = sizeOf(buffers) - bytes
  return buffers.flatMap((buffer) => {
    const cut = Math.min(skipped, buffer.length)
    skipped -= cut
    return cut === buffer.length ? [] : [buffer.subarray(cut)]
  })
}

const sizeOf = (buffers: readonly Uint8Array[]): number => buffers.reduce((sum, { length }) => sum + length, 0)

/** An image file open for many reads. */
export type ImageFile = {
  /** One `pread`. Throws E_IMAGE_READ when the file ends before. */
  read(place: ImagePlace): Promise<Uint8Array>
  close(): Promise<void>
}

/** Opens an image file to read from the places that its writer answered with; nothing of it is parsed. Throws E_IMAGE_READ when it is not there. */
export async function openImages(path: string): Promise<ImageFile> {
  const handle = await open(path, 'r').catch((cause: Error) => Promise.reject(unreadable(`cannot open "${path}": ${cause.message}`, cause)))
  return { read: (place) => readAt(handle, path, place), close: () => handle.close() }
}

async function readAt(handle: FileHandle, path: string, { offset, bytes }: ImagePlace): Promise<Uint8Array> {
  const image = new Uint8Array(bytes)
  const { bytesRead } = await handle.read(image, 0, bytes, offset)
  if (bytesRead < bytes) throw unreadable(`"${path}" has ${bytesRead} of the ${bytes} bytes of the image at byte ${offset}`)
  return image
}

function unreadable(message: string, cause?: Error): ToolkitError {
  return new ToolkitError('E_IMAGE_READ', message, { exit: 4, cause, hint: 'posetta verify names what is damaged; ingest the data set again' })
}
