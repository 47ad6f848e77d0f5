import { ToolkitError } from '../../errors.ts'
import { decoding, FfmpegComplaint, outputOf, type VideoOptions } from '../../ffmpeg.ts'
import type { Pixels } from './warp.ts'

/** A frame of a video: its number in order of presentation, when it is shown in seconds (null = not known), and the hash of its pixels as the table of images has it. */
export type FrameOfVideo = { readonly frame: number; readonly pts: number | null; readonly hash: string | null }

/**
 * Some frames of a video, decoded in one run of ffmpeg: it jumps to before the first one where all times are known, and decodes from the beginning where that does not give the
 * frames with these hashes. `frames` in order, none twice. Throws E_PICTURE_CHANGED where the video is not the one whose hashes these are, E_PICTURE_UNREADABLE
 * where it has fewer frames or is damaged, and what is wrong with ffmpeg.
 */
export async function framesOfVideo(file: string, frames: readonly FrameOfVideo[], options: VideoOptions = {}): Promise<Map<number, Pixels>> {
  const times = frames.map(({ pts }) => pts)
  if (times.every((time) => time !== null) && frames[0]!.frame > 0) {
    const found = await framesBy(file, frames, { seek: ['-seek_timestamp', '1', '-noaccurate_seek', '-ss', Math.max(0, times[0]! - margin).toFixed(6)], select: atTimes(times) }, options).catch(stumbled)
    if (found !== null && areThese(frames, found)) return byFrame(frames, found)
  }
  const found = await framesBy(file, frames, { seek: [], select: frames.map(({ frame }) => `eq(n\\,${frame})`).join('+') }, options).catch((error: unknown) => {
    throw error instanceof FfmpegComplaint ? unreadable(file, error.line, error) : error
  })
  if (found.pictures.length < frames.length) throw unreadable(file, `it has no frame ${frames[found.pictures.length]!.frame}`)
  if (!areThese(frames, found)) {
    throw new ToolkitError('E_PICTURE_CHANGED', `the frames of video "${file}" are not those that were ingested`, { exit: 4, hint: 'bring the video back that was ingested, or ingest it again' })
  }
  return byFrame(frames, found)
}

/** Seconds before the first frame, so that frames that need what came before have it. */
const margin = 0.5

type Found = { readonly pictures: readonly Pixels[]; readonly hashes: readonly string[] }

async function framesBy(file: string, frames: readonly FrameOfVideo[], { seek, select }: { seek: readonly string[]; select: string }, options: VideoOptions): Promise<Found> {
  let hashes = ''
  const needsHashes = frames.some(({ hash }) => hash !== null)
  // bicubic conversion like ingest's, with the same bytes on every CPU
  const colours = `select=${select},scale=flags=bicubic+accurate_rnd+full_chroma_int+bitexact,format=rgb24`
  const count = ['-frames:v', String(frames.length)]
  const args = [...decoding(file, seek), '-vf', colours, ...count, '-c:v', 'ppm', '-f', 'image2pipe', 'pipe:1',
    ...(needsHashes ? ['-map', '0:V:0', '-fps_mode', 'passthrough', '-vf', `select=${select}`, ...count, '-f', 'framehash', '-hash', 'md5', 'pipe:3'] : [])]
  const beside = (chunk: Uint8Array): void => void (hashes += Buffer.from(chunk).toString('latin1'))
  const chunks: Uint8Array[] = []
  for await (const chunk of outputOf('ffmpeg', args, file, needsHashes ? { ...options, beside } : options)) chunks.push(chunk)
  return { pictures: picturesIn(Buffer.concat(chunks)), hashes: hashes.split('\n').filter((line) => /^\d/.test(line)).map((line) => line.slice(line.lastIndexOf(',') + 1).trim()) }
}

/** Frames shown within 10 us of one of the times. */
function atTimes(times: readonly number[]): string {
  return times.map((time) => `between(t\\,${(time - 1e-5).toFixed(6)}\\,${(time + 1e-5).toFixed(6)})`).join('+')
}

/** Portable pixmaps, one after the other: `P6 WIDTH HEIGHT 255`, each ended by a line feed or a space, and three bytes a pixel. */
function picturesIn(bytes: Buffer): Pixels[] {
  const pictures = []
  for (let at = 0; at < bytes.length;) {
    const header = /^P6\s(\d+)\s(\d+)\s255\s/.exec(bytes.toString('latin1', at, at + 40))
    if (header === null) throw new Error('ffmpeg wrote no portable pixmap')
    const [width, height, start] = [Number(header[1]), Number(header[2]), at + header[0].length]
    at = start + width * height * 3
    if (at <= bytes.length) pictures.push({ width, height, data: bytes.subarray(start, at) })
  }
  return pictures
}

/** `md5:yuv420p:0123...` holds the hash at its end. */
function areThese(frames: readonly FrameOfVideo[], { pictures, hashes }: Found): boolean {
  return pictures.length === frames.length && frames.every(({ hash }, at) => hash === null || hash.slice(hash.lastIndexOf(':') + 1) === hashes[at])
}

function byFrame(frames: readonly FrameOfVideo[], { pictures }: Found): Map<number, Pixels> {
  return new Map(frames.map(({ frame }, at) => [frame, pictures[at]!]))
}

/** After a jump ffmpeg may lack what comes before. */
function stumbled(error: unknown): null {
  if (error instanceof FfmpegComplaint) return null
  throw error
}

function unreadable(file: string, reason: string, cause?: unknown): ToolkitError {
  return new ToolkitError('E_PICTURE_UNREADABLE', `video "${file}" cannot be decoded: ${reason}`, { exit: 4, cause, hint: 'fetch the file again and compare its size' })
}
