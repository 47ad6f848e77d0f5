import { basename } from 'node:path'
import { FfmpegComplaint, type VideoOptions } from '../../ffmpeg.ts'
import { probeVideo, type Video } from './video.ts'
import { VideoError } from './video-error.ts'
import { type FrameForm, rawFrames } from './video-extract.ts'
import { decodedFrames } from './video-frames.ts'

/** How to come to a frame: where to jump, and which of the frames from there it is. */
type Way = { readonly seek: readonly string[]; readonly filter: string }

/**
 * Frame `index`, with the bytes that `extractFrames` gives. Jumps near it where the container allows, and answers only with the frame whose hash is the probed
 * one. Without `video` the file is probed first, which decodes all of it. Throws VideoError E_VIDEO_FRAMES when there is no such frame.
 */
export async function frameAt(
  file: string, index: number, { video, signal, programs, ...form }: FrameForm & VideoOptions & { video?: Video },
): Promise<Uint8Array> {
  const options: VideoOptions = { ...(signal && { signal }), ...(programs && { programs }) }
  const probed = { ...video ?? await probeVideo(file, options), file }
  const hash = probed.hashes[index]
  if (hash === undefined) throw wrong(probed, `video "${basename(file)}" has no frame ${index}: they are 0 to ${probed.frames - 1}`)
  for (const way of waysTo(index, probed)) {
    const found = await firstOrNull(decodedFrames(probed, { ...options, seek: way.seek, filter: ['-vf', way.filter, '-frames:v', '1'] }))
    if (found?.hash === hash) return (await firstOrNull(rawFrames(probed, form, { ...options, ...way })))!
  }
  throw wrong(probed, `frame ${index} of video "${basename(file)}" is not the one that was probed`, 'the file has changed since: probe it again')
}

/**
 * From the last key frame but one, as frames that are shown before a key frame and decoded after it need what came before (open groups of pictures); and from
 * the beginning, which is always right.
 */
function* waysTo(index: number, { pts, keyTimes, timeBase }: Video): Generator<Way> {
  const key = keyTimes?.filter((time) => time <= pts[index]!).sort((a, b) => a - b).at(-2)
  if (key !== undefined) {
    const seconds = ((key * timeBase.num) / timeBase.den).toFixed(6)
    yield { seek: ['-seek_timestamp', '1', '-noaccurate_seek', '-ss', seconds], filter: String.raw`select=eq(pts\,${pts[index]})` }
  }
  yield { seek: [], filter: String.raw`select=eq(n\,${index})` }
}

/** The first of a stream, which is ended then; null also when ffmpeg stumbles, as it may after a jump. */
async function firstOrNull<Frame>(frames: AsyncIterable<Frame>): Promise<Frame | null> {
  try {
    for await (const frame of frames) return frame
  } catch (error) {
    if (!(error instanceof FfmpegComplaint)) throw error
  }
  return null
}

function wrong({ frames, promised }: Video, message: string, hint?: string): VideoError {
  return new VideoError('E_VIDEO_FRAMES', message, frames, promised, hint === undefined ? {} : { hint })
}
