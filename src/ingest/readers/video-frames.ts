import { basename } from 'node:path'
import { decoding, FfmpegComplaint, outputOf, type VideoOptions } from '../../ffmpeg.ts'
import { VideoError } from './video-error.ts'
import type { VideoHeader } from './video-header.ts'

/** One decoded frame: presentation time in ticks, md5 of its pixels in the video's own pixel format. */
export type DecodedFrame = { readonly pts: number; readonly hash: string }

/** Every frame in order of presentation: ffmpeg's `framehash`, which neither converts nor turns. Throws FfmpegComplaint. */
export async function* decodedFrames(
  { file, timeBase }: VideoHeader, { filter, seek, ...options }: VideoOptions & { filter?: readonly string[]; seek?: readonly string[] } = {},
): AsyncGenerator<DecodedFrame> {
  const args = [...decoding(file, seek), ...(filter ?? []), '-enc_time_base', `${timeBase.num}/${timeBase.den}`, '-f', 'framehash', '-hash', 'md5', 'pipe:1']
  let rest = ''
  for await (const chunk of outputOf('ffmpeg', args, file, options)) {
    const lines = (rest + Buffer.from(chunk).toString('latin1')).split('\n')
    rest = lines.pop()!
    for (const line of lines) if (!line.startsWith('#')) yield frameOf(line)
  }
}

/** `0, dts, pts, duration, size, hash` */
function frameOf(line: string): DecodedFrame {
  const [, , pts, , , hash] = line.split(',').map((cell) => cell.trim())
  if (!Number.isSafeInteger(Number(pts)) || !/^[0-9a-f]{32}$/.test(hash ?? '')) throw new Error(`ffmpeg's framehash has the line ${JSON.stringify(line)}`)
  return { pts: Number(pts), hash: hash! }
}

/** Passes frames on and counts them; what ffmpeg complains of, and frames that the container says and that did not come, become a VideoError. */
export async function* wholeVideo<Frame>(header: VideoHeader, frames: AsyncIterable<Frame>): AsyncGenerator<Frame> {
  let count = 0
  try {
    for await (const frame of frames) {
      count += 1
      yield frame
    }
  } catch (error) {
    throw error instanceof FfmpegComplaint ? incomplete(header, count, error) : error
  }
  if (count === 0 || count + header.discarded < (header.promised ?? 0)) throw incomplete(header, count, null)
}

function incomplete({ file, promised, packets }: VideoHeader, frames: number, complaint: FfmpegComplaint | null): VideoError {
  const name = basename(file)
  const said = complaint === null ? '' : `; ffmpeg says: ${complaint.line}`
  const cause = complaint ?? undefined
  if (promised !== null && (complaint === null || packets < promised)) {
    return new VideoError('E_VIDEO_SHORT', `video "${name}" says that it has ${promised} frames; ${frames} could be read${said}`, frames, promised, {
      cause, hint: 'the download is cut off or the recording ended early: fetch the file again and compare its size' })
  }
  return new VideoError('E_VIDEO_UNREADABLE', `video "${name}" is damaged; ${frames} frames could be read${said}`, frames, promised, {
    cause, hint: 'fetch the file again and compare its size' })
}
