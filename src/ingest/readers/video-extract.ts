import { decoding, outputOf, type VideoOptions } from '../../ffmpeg.ts'
import { wholeVideo } from './video-frames.ts'
import { readVideoHeader, type VideoHeader } from './video-header.ts'

/** px; a side left out follows from the other one by the video's proportions, both left out = as stored. */
export type FrameForm = { readonly format: 'rgb24' | 'gray'; readonly width?: number; readonly height?: number }

/**
 * Raw frames, one at a time, row by row from the top left, not turned: 3 bytes (red, green, blue) or 1 per px. As many as `probeVideo` counts, or VideoError at
 * the end, and then the frames before may be later ones than they look.
 */
export async function* extractFrames(file: string, { signal, programs, ...form }: FrameForm & VideoOptions): AsyncGenerator<Uint8Array> {
  const options: VideoOptions = { ...(signal && { signal }), ...(programs && { programs }) }
  const header = await readVideoHeader(file, options)
  yield* wholeVideo(header, rawFrames(header, form, options))
}

/** The frames that pass `filter`, after `seek`. Throws FfmpegComplaint. */
export async function* rawFrames(
  header: VideoHeader, form: FrameForm, { filter, seek, ...options }: VideoOptions & { filter?: string; seek?: readonly string[] },
): AsyncGenerator<Uint8Array> {
  const { width, height } = sizeOf(header, form)
  // bicubic like ffmpeg's default, but with the same bytes on every CPU
  const scale = `scale=${width}:${height}:flags=bicubic+accurate_rnd+full_chroma_int+bitexact,format=${form.format}`
  const filters = filter === undefined ? scale : `${filter},${scale}`
  const args = [...decoding(header.file, seek), '-vf', filters, '-f', 'rawvideo', 'pipe:1']
  yield* inPieces(outputOf('ffmpeg', args, header.file, options), width * height * (form.format === 'rgb24' ? 3 : 1))
}

function sizeOf(header: VideoHeader, { width, height }: FrameForm): { width: number; height: number } {
  const scale = width !== undefined ? width / header.width : height !== undefined ? height / header.height : 1
  return { width: width ?? Math.max(1, Math.round(header.width * scale)), height: height ?? Math.max(1, Math.round(header.height * scale)) }
}

/** Cuts a stream into pieces of so many bytes, each in memory of its own. */
async function* inPieces(chunks: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let piece = new Uint8Array(bytes)
  let filled = 0
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const part = chunk.subarray(at, at + bytes - filled)
      piece.set(part, filled)
      at += part.length
      filled += part.length
      if (filled < bytes) continue
      yield piece
      piece = new Uint8Array(bytes)
      filled = 0
    }
  }
}
