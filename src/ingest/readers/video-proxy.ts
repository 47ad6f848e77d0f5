import { rename, rm } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { ToolkitError } from '../../errors.ts'
import { syncFile, syncFolder } from '../../store/durable.ts'
import { decoding, FfmpegComplaint, outputOf, type VideoOptions } from '../../ffmpeg.ts'
import { probeVideo, type Video } from './video.ts'
import { VideoError } from './video-error.ts'

/** `shortSide` in px, at most that of the video; `gop`: a key frame every so many frames; `video`: what probing the file gave, if that is known. */
export type ProxyOptions = VideoOptions & { readonly shortSide?: number; readonly gop?: number; readonly video?: Video }

/**
 * Writes a small H.264 MP4 of the same frames at the same distances in time, from which single frames come fast: few px, short groups of pictures, no B-frames,
 * not turned. Same bytes every time on one machine. Answers what probing it gives. Written as a draft and renamed. Throws E_VIDEO_FRAMES when the frames in it
 * are not those of the file; E_DISK_FULL; E_VIDEO_PROXY when ffmpeg cannot write.
 */
export async function transcodeProxy(file: string, output: string, { shortSide = 192, gop = 15, video, ...options }: ProxyOptions = {}): Promise<Video> {
  const source = video ?? await probeVideo(file, options)
  const draft = `${output}.tmp`
  try {
    // an ffmpeg that outlived us may still write a draft of this name: ours is another file
    await rm(draft, { force: true })
    await encode({ ...source, file }, draft, { shortSide, gop, options })
    const proxy = await probeVideo(draft, options)
    expectSameFrames(file, source, proxy)
    await syncFile(draft)
    await rename(draft, output)
    await syncFolder(dirname(output))
    return { ...proxy, file: output }
  } catch (error) {
    await rm(draft, { force: true })
    throw error instanceof FfmpegComplaint ? unwritten(output, error) : error
  }
}

async function encode(
  { file, width, height, timeBase }: Video, draft: string, { shortSide, gop, options }: { shortSide: number; gop: number; options: VideoOptions },
): Promise<void> {
  const scale = Math.min(1, shortSide / Math.min(width, height))
  const even = (px: number): number => Math.max(2, 2 * Math.round((px * scale) / 2))
  const args = [...decoding(file),
    '-vf', `scale=${even(width)}:${even(height)}:flags=area+accurate_rnd+bitexact,format=yuv420p`,
    '-c:v', 'libx264', '-preset', 'medium', '-crf', '23', '-g', String(gop), '-keyint_min', String(gop), '-sc_threshold', '0', '-bf', '0',
    // several threads of x264 make other bytes on machines with another number of cores
    '-threads', '1', '-fflags', '+bitexact', '-flags:v', '+bitexact', '-map_metadata', '-1', '-map_chapters', '-1',
    '-enc_time_base', `${timeBase.num}/${timeBase.den}`, '-video_track_timescale', String(timeBase.den), '-f', 'mp4', '-y', `file:${resolve(draft)}`]
  for await (const _ of outputOf('ffmpeg', args, file, options)) { /* it writes to the draft, not to us */ }
}

function expectSameFrames(file: string, source: Video, proxy: Video): void {
  const name = basename(file)
  const wrongFrames = (message: string): VideoError => new VideoError('E_VIDEO_FRAMES', message, proxy.frames, source.frames)
  if (source.frames !== proxy.frames) {
    throw wrongFrames(`the proxy of video "${name}" has ${proxy.frames} frames, the video has ${source.frames}`)
  }
  const late = source.pts.findIndex((_, frame) => Math.abs(secondsInto(source, frame) - secondsInto(proxy, frame)) > 1e-6)
  if (late !== -1) {
    const [wanted, found] = [secondsInto(source, late), secondsInto(proxy, late)]
    throw wrongFrames(`frame ${late} of video "${name}" comes ${wanted} s after the first, in its proxy ${found} s`)
  }
}

const secondsInto = ({ pts, timeBase }: Video, frame: number): number => ((pts[frame]! - pts[0]!) * timeBase.num) / timeBase.den

function unwritten(output: string, cause: FfmpegComplaint): ToolkitError {
  if (cause.line.includes('No space left on device')) {
    const hint = 'free some space and run the same command again'
    return new ToolkitError('E_DISK_FULL', `no space left on the disk of "${output}"`, { exit: 4, cause, hint })
  }
  const reason = cause.line.replace(`file:${resolve(output)}.tmp: `, '')
  return new ToolkitError('E_VIDEO_PROXY', `ffmpeg cannot write "${output}": ${reason}`, {
    exit: 4, cause, hint: 'the proxy needs an ffmpeg with libx264: ffmpeg -encoders lists what yours has' })
}
