import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { FfmpegComplaint, opening, outputOf, type VideoOptions } from '../../ffmpeg.ts'
import { VideoError } from './video-error.ts'

/** A ratio of whole numbers. */
export type Rational = { readonly num: number; readonly den: number }

/** What a container says of its first real video stream (no cover pictures), and the packets that are really there. */
export type VideoHeader = {
  readonly file: string
  /** px as stored, before any rotation. */
  readonly width: number
  readonly height: number
  readonly codec: string
  readonly pixelFormat: string
  /** Frames per second on average; null = the container does not say. */
  readonly fps: Rational | null
  /** Degrees clockwise by which a player turns the picture: 0, 90, 180, 270. */
  readonly rotation: number
  /** Seconds per tick. */
  readonly timeBase: Rational
  /** Number of frames that the container claims; null = it does not say. */
  readonly promised: number | null
  readonly packets: number
  /** Packets that an edit list cuts off: decoded for others' sake, never shown. */
  readonly discarded: number
  /** Presentation times of the shown key frames in ticks; null = some packet has none (AVI with B-frames). */
  readonly keyTimes: readonly number[] | null
}

const FIELDS = 'stream=codec_name,width,height,pix_fmt,avg_frame_rate,r_frame_rate,time_base,nb_frames:stream_side_data=rotation:packet=pts,flags'

/** Reads headers and walks over the packets without decoding them. Throws VideoError E_VIDEO_UNREADABLE when there is no video to be found. */
export async function readVideoHeader(file: string, options: VideoOptions = {}): Promise<VideoHeader> {
  const unreadable = (reason: string, cause?: unknown): VideoError =>
    new VideoError('E_VIDEO_UNREADABLE', `cannot read video "${basename(file)}": ${reason}`, 0, null, { cause })
  const { isFile } = await stat(file).then((stats) => ({ isFile: stats.isFile() }), (cause: NodeJS.ErrnoException) => {
    throw unreadable(cause.code === 'ENOENT' ? 'there is no such file' : cause.message, cause)
  })
  if (!isFile) throw unreadable('it is not a file')
  const text = await probed(file, options, unreadable)
  const stream = fieldsOf(/^stream\|.*$/m.exec(text)?.[0] ?? '')
  const timeBase = rational(stream.get('time_base'))
  const size = [Number(stream.get('width')), Number(stream.get('height'))] as const
  if (timeBase === null || !size.every((px) => px > 0)) throw unreadable('there are no pictures in it')
  const packets = [...text.matchAll(/^packet\|.*$/gm)].map(([line]) => fieldsOf(line))
  const promised = Number(stream.get('nb_frames'))
  return {
    file, timeBase, width: size[0], height: size[1],
    codec: stream.get('codec_name') ?? 'unknown', pixelFormat: stream.get('pix_fmt') ?? 'unknown',
    fps: rational(stream.get('avg_frame_rate')) ?? rational(stream.get('r_frame_rate')),
    rotation: clockwise(Number(/\brotation=(-?[\d.]+)/.exec(text)?.[1] ?? 0)),
    promised: Number.isSafeInteger(promised) && promised > 0 ? promised : null,
    packets: packets.length, discarded: packets.filter(isDiscarded).length,
    keyTimes: packets.every((packet) => packet.get('pts') !== 'N/A')
      ? packets.filter((packet) => packet.get('flags')!.includes('K') && !isDiscarded(packet)).map((packet) => Number(packet.get('pts'))) : null,
  }
}

/** ffprobe's answer; what it complains of while it goes on, decoding will complain of too, and knows how many frames came before. */
async function probed(file: string, options: VideoOptions, unreadable: (reason: string, cause: unknown) => VideoError): Promise<string> {
  const chunks: Uint8Array[] = []
  try {
    const args = ['-select_streams', 'V:0', '-show_entries', FIELDS, '-of', 'compact', ...opening(file)]
    for await (const chunk of outputOf('ffprobe', args, file, options)) chunks.push(chunk)
  } catch (error) {
    if (!(error instanceof FfmpegComplaint)) throw error
    if (error.exit !== 0) throw unreadable(error.line, error)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** `stream|width=64|height=48` -> width: 64, height: 48. */
function fieldsOf(line: string): ReadonlyMap<string, string> {
  return new Map(line.split('|').slice(1).map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]))
}

const isDiscarded = (packet: ReadonlyMap<string, string>): boolean => packet.get('flags')!.includes('D')

function rational(text: string | undefined): Rational | null {
  const [num, den] = (text ?? '').split('/').map(Number)
  return num !== undefined && den !== undefined && num > 0 && den > 0 ? { num, den } : null
}

/** ffprobe gives degrees counter-clockwise, -180 to 180. */
function clockwise(degrees: number): number {
  return (Math.round(-degrees) % 360 + 360) % 360
}
