import { decoding, outputOf, type VideoOptions } from '../../ffmpeg.ts'
import { wholeVideo } from './video-frames.ts'
import { readVideoHeader } from './video-header.ts'

/**
 * One JPEG file per frame, in order, not turned. Those of a Motion JPEG video are its own bytes, untouched and not decoded (some cameras leave the Huffman
 * tables out); others are encoded, where `quality` 2 is the best and 31 the smallest (ffmpeg's `-q:v`). As many as `probeVideo` counts, or VideoError.
 */
export async function* extractJpegs(file: string, { quality, ...options }: VideoOptions & { quality: number }): AsyncGenerator<Uint8Array> {
  const header = await readVideoHeader(file, options)
  // copying would bring the packets back that an edit list cuts off
  const codec = header.codec === 'mjpeg' && header.discarded === 0 ? ['-c:v', 'copy']
    : ['-c:v', 'mjpeg', '-q:v', String(quality), '-pix_fmt', 'yuvj420p', '-flags:v', '+bitexact']
  // multipart, for its lengths: the end of a JPEG cannot be told from its bytes when a camera pads them
  yield* wholeVideo(header, parts(outputOf('ffmpeg', [...decoding(file), ...codec, '-f', 'mpjpeg', 'pipe:1'], file, options)))
}

const HEADER_END = Buffer.from('\r\n\r\n')

/** The bodies of a multipart stream (RFC 2046) whose parts give their `Content-length`. */
async function* parts(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let pending: Buffer[] = []
  let held = 0
  let needed = 1
  for await (const chunk of chunks) {
    pending.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    held += chunk.length
    if (held < needed) continue
    let buffer = Buffer.concat(pending)
    for (let part = nextPart(buffer); ; part = nextPart(buffer)) {
      needed = part?.end ?? buffer.length + 1
      if (part === null || part.end > buffer.length) break
      yield Uint8Array.prototype.slice.call(buffer, part.start, part.end)
      buffer = buffer.subarray(part.end)
    }
    pending = [buffer]
    held = buffer.length
  }
}

/** Where the first body lies, which may be beyond what has come; null = its header is not whole yet. */
function nextPart(buffer: Buffer): { start: number; end: number } | null {
  const header = buffer.indexOf(HEADER_END)
  if (header === -1) return null
  const length = /Content-length: (\d+)/i.exec(buffer.toString('latin1', 0, header))?.[1]
  if (length === undefined) return null
  const start = header + HEADER_END.length
  return { start, end: start + Number(length) }
}
