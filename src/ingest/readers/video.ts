import type { VideoOptions } from '../../ffmpeg.ts'
import { decodedFrames, wholeVideo } from './video-frames.ts'
import { readVideoHeader, type VideoHeader } from './video-header.ts'

/** What a video is and every frame of it, in order of presentation. */
export type Video = VideoHeader & {
  /** Counted by decoding. */
  readonly frames: number
  /** [frames] presentation times in ticks; times `timeBase` they are seconds. Not always from 0, and not always evenly spaced. */
  readonly pts: readonly number[]
  /** [frames] md5 of the pixels in `pixelFormat`, neither converted nor turned: another decoder's frame is the right one when its hash is. */
  readonly hashes: readonly string[]
}

/** Decodes a whole video once. Throws VideoError E_VIDEO_UNREADABLE or E_VIDEO_SHORT with the number of frames that could be read; E_FFMPEG_MISSING. */
export async function probeVideo(file: string, options: VideoOptions = {}): Promise<Video> {
  const header = await readVideoHeader(file, options)
  const pts: number[] = []
  const hashes: string[] = []
  for await (const frame of wholeVideo(header, decodedFrames(header, options))) {
    pts.push(frame.pts)
    hashes.push(frame.hash)
  }
  return { ...header, frames: pts.length, pts, hashes }
}

/** [frames] the hashes of `probeVideo` alone. */
export async function hashFrames(file: string, options: VideoOptions = {}): Promise<readonly string[]> {
  return (await probeVideo(file, options)).hashes
}
