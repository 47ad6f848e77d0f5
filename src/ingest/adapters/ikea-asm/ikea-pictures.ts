import { join } from 'node:path'
import type { Quarantined } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import type { Image, Proxy } from '../../../film.ts'
import { sha256 } from '../../../hash.ts'
import type { AdapterContext } from '../../adapter.ts'
import { quarantinedBy } from '../../raw-folder.ts'
import { extractJpegs } from '../../readers/video-jpegs.ts'
import { transcodeProxy } from '../../readers/video-proxy.ts'
import { probeVideo, type Video } from '../../readers/video.ts'
import { readImages } from '../film-images.ts'
import { IMAGE } from './ikea-calibration.ts'
import type { IkeaFacts } from './ikea-discover.ts'

export type IkeaPictures = {
  /** Of frames from the first to the last that is wanted; null = there are none, or none are asked for. */
  readonly images: readonly Image[] | null
  readonly proxy: Proxy | null
  /** How many pictures there are, those that are not wanted too. */
  readonly count: number
  /** Pictures behind a gap in the numbers. */
  readonly astray: number
  readonly flags: readonly string[]
  readonly quarantined: readonly Quarantined[]
}

const nothing: IkeaPictures = { images: null, proxy: null, count: 0, astray: 0, flags: [], quarantined: [] }
/** ffmpeg's best but one, for videos that are no Motion JPEG. */
const JPEG_QUALITY = 2

/** Reads the first `frames` pictures of a film: image files `000000.jpg`, ... or `scan_video.avi`; a video that cannot be read whole is set aside. */
export async function readPictures(
  context: AdapterContext, id: string, { images: folder, video }: Pick<IkeaFacts, 'images' | 'video'>, frames: number,
): Promise<IkeaPictures> {
  if (context.frames === 'none') return nothing
  if (folder !== null) return { ...readImages(context, { folder, first: 0, ...IMAGE }, frames), proxy: null }
  if (video === null) return { ...nothing, flags: ['frames-missing'] }
  try {
    return await readVideo(context, id, video, frames)
  } catch (error) {
    if (error instanceof ToolkitError && error.exit === 4) throw error
    return { ...nothing, flags: ['video-quarantined'], quarantined: [quarantinedBy(error, video)] }
  }
}

async function readVideo({ raw, frames: mode, scratch }: AdapterContext, id: string, path: string, frames: number): Promise<IkeaPictures> {
  const video = await probeVideo(raw.full(path))
  const files = mode === 'embed' ? await jpegsOf(video, frames) : null
  const images = Array.from({ length: Math.min(frames, video.frames) }, (_, frame) => imageOf(video, path, frame, files?.[frame] ?? null))
  const proxy = mode !== 'proxy' || scratch === null ? null : await transcodeProxy(video.file, join(scratch, `${sha256(id).slice(0, 16)}.mp4`), { video })
  const isOdd = video.width !== IMAGE.width || video.height !== IMAGE.height
  return {
    images, proxy: proxy === null ? null : { file: proxy.file, frames: proxy.frames }, count: video.frames, astray: 0,
    flags: isOdd ? ['frame-size-mismatch'] : [], quarantined: [],
  }
}

async function jpegsOf({ file }: Video, frames: number): Promise<Uint8Array[]> {
  const files = []
  for await (const jpeg of extractJpegs(file, { quality: JPEG_QUALITY })) if (files.length < frames) files.push(jpeg)
  return files
}

function imageOf({ width, height, pts, timeBase, hashes, pixelFormat }: Video, path: string, frame: number, data: Uint8Array | null): Image {
  return {
    frame, path, width, height, pts: (pts[frame]! * timeBase.num) / timeBase.den, bytes: data?.length ?? null, data,
    hash: data === null ? `md5:${pixelFormat}:${hashes[frame]}` : `sha256:${sha256(data)}`,
  }
}
