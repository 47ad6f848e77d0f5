import { join } from 'node:path'
import { ToolkitError } from '../../errors.ts'
import { filmOf } from '../../film.ts'
import { type FrameSource, resizedSize } from '../frames/index.ts'
import { openFiles } from './blocks.ts'
import type { UnreadablePicture } from './entry-source.ts'
import { readIndex } from './index-reader.ts'
import type { OpenedShards } from './opened.ts'
import { pictureShardName } from './shard-name.ts'

/**
 * The pictures of opened shards, in any thread; null = they were made without. Each is one read at a place of a file, hashed every time. `jpeg` throws
 * E_SHARD_DAMAGED (heal the shards, then ask again), and E_PICTURE_UNREADABLE, E_PICTURE_MISSING or E_PICTURE_CHANGED for one of which nothing could be made when they were.
 */
export function picturesOf(opened: OpenedShards): (FrameSource & { close(): void }) | null {
  const { folder, entry } = opened
  if (entry.pictures === null) return null
  const { short, unreadable = [] } = entry.pictures
  const known = new Map(unreadable.map((picture) => [`${picture.film} ${picture.frame}`, picture]))
  const files = openFiles(folder, entry)
  const index = readIndex(opened, files)

  /** Which picture shows a frame of a row's film; null = none does. */
  function find(row: number, frame: number): number | null {
    const frames = index.numbers('picture.frame')
    let [low, high] = [index.numbers('pictures.start')[row]!, index.numbers('pictures.end')[row]!]
    const end = high
    while (low < high) {
      const middle = (low + high) >> 1
      if (frames[middle]! < frame) low = middle + 1
      else high = middle
    }
    return low < end && frames[low] === frame ? low : null
  }

  return {
    size: (_, recorded) => resizedSize(recorded, short),
    jpeg(row, frame) {
      const at = find(row, frame)
      if (at === null) {
        const picture = known.get(`${filmOf(index.id(row))} ${frame}`)
        if (picture === undefined) return null
        throw unreadablePicture(picture, index.id(row))
      }
      const expected = Buffer.from(index.numbers('picture.sha256').subarray(32 * at, 32 * (at + 1))).toString('hex')
      return files.readBlock(pictureShardName(index.numbers('picture.shard')[at]!), index.numbers('picture.start')[at]!, index.numbers('picture.bytes')[at]!, expected)
    },
    place(row) {
      const start = index.numbers('pictures.start')[row]!
      return start < index.numbers('pictures.end')[row]! ? join(folder, pictureShardName(index.numbers('picture.shard')[start]!)) : folder
    },
    close: () => files.close(),
  }
}

function unreadablePicture({ frame, path, code, fault }: UnreadablePicture, clip: string): ToolkitError {
  return new ToolkitError(code, `the picture of frame ${frame} of ${clip} ("${path}") ${code === 'E_PICTURE_UNREADABLE' ? 'cannot be decoded' : 'was not made smaller'}: ${fault}`, {
    exit: 4, hint: 'mend the picture and ingest it again, or let other clips take the place of such: --on-bad skip' })
}
