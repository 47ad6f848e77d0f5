import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { basename, dirname, join, resolve } from 'node:path'
import { Readable, type Writable } from 'node:stream'
import { ToolkitError } from './errors.ts'

/** Where the two programs are: names on PATH, or paths. */
export type FfmpegPrograms = { readonly ffmpeg: string; readonly ffprobe: string }

/** `signal` kills the program at once; its reason is thrown. */
export type VideoOptions = { readonly programs?: FfmpegPrograms; readonly signal?: AbortSignal }

/** What ffmpeg said first on its error stream, without the addresses and the path that it puts in front; `exit` 0 = it went on nevertheless. */
export class FfmpegComplaint extends Error {
  readonly line: string
  readonly exit: number

  constructor(line: string, exit: number) {
    super(line)
    this.name = 'FfmpegComplaint'
    this.line = line
    this.exit = exit
  }
}

/** Containers of recordings. Playlists and scripts, which can name other files, are not among them. */
const CONTAINERS = 'avi,mov,matroska,mpegts,mpeg,mpegvideo,m4v,h264,hevc,mjpeg,flv,asf,ogg,mxf,wtv,dv,rm,ivf,nut,yuv4mpegpipe'

/** How both programs are told to open a video: this one local file, silent unless something is wrong. */
export function opening(file: string): string[] {
  return ['-v', 'error', '-protocol_whitelist', 'file', '-format_whitelist', CONTAINERS, '-i', urlOf(file)]
}

/**
 * Arguments of ffmpeg up to the output: decode the first real video stream (no cover pictures) bit-exactly in one thread, every frame once, unturned, with its
 * own time stamp, and none that the decoder finds damaged. (`-xerror` would stop there, but loses frames on their way.) `seek` goes before the input.
 */
export function decoding(file: string, seek: readonly string[] = []): string[] {
  const exact = ['-nostdin', '-err_detect', 'explode', '-threads', '1', '-flags', '+bitexact', '-noautorotate', '-copyts']
  return [...exact, ...seek, ...opening(file), '-map', '0:V:0', '-fps_mode', 'passthrough']
}

/**
 * Runs ffmpeg or ffprobe and yields what it writes to its standard output; reads no faster than the consumer. The program has ended when this ends, however it
 * ends. Throws FfmpegComplaint for any word on the error stream or another exit than 0; E_FFMPEG_MISSING, E_FFMPEG_OLD. `file` is the video it is run for;
 * `beside` is handed what it writes to `pipe:3`, and `input` is what it reads from `pipe:0`, made no faster than it reads.
 */
export async function* outputOf(
  program: keyof FfmpegPrograms, args: readonly string[], file: string,
  { programs, signal, beside, input }: VideoOptions & { beside?: (chunk: Uint8Array) => void; input?: Iterable<Uint8Array> } = {},
): AsyncGenerator<Uint8Array> {
  signal?.throwIfAborted()
  const stdio = [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', ...(beside === undefined ? [] : ['pipe'])] as ['ignore', 'pipe', 'pipe']
  const child = spawn(programs?.[program] ?? program, args, { stdio, windowsHide: true })
  if (beside !== undefined) (child.stdio[3 as never] as Readable).on('data', beside)
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)))
  await spawned(child, program, file)
  // what it does not read to the end, it complains about itself
  if (input !== undefined) Readable.from(input).pipe(child.stdin as unknown as Writable).on('error', () => {})
  const kill = (): void => void child.kill('SIGKILL')
  signal?.addEventListener('abort', kill, { once: true })
  if (signal?.aborted === true) kill()
  const firstLine = collectFirstLine(child.stderr, file)
  try {
    for await (const chunk of child.stdout) yield chunk as Uint8Array
    const exit = await ended
    signal?.throwIfAborted()
    const line = firstLine()
    if (line?.includes("'fps_mode'") === true) throw tooOld(line)
    if (line !== null || exit !== 0) throw new FfmpegComplaint(line ?? `${program} ended with ${exit}`, exit)
  } finally {
    signal?.removeEventListener('abort', kill)
    kill()
    child.stdout.destroy()
    await ended
  }
}

const urlOf = (file: string): string => `file:${resolve(file)}`

async function spawned(child: ChildProcessByStdio<null, Readable, Readable>, program: string, file: string): Promise<void> {
  try {
    await once(child, 'spawn')
  } catch (cause) {
    const frames = join(dirname(file), '%06d.jpg')
    throw new ToolkitError('E_FFMPEG_MISSING', `video "${basename(file)}" needs ${program}, which is not to be found on this machine`, {
      cause, hint: 'install ffmpeg 5.1 or newer (apt install ffmpeg, brew install ffmpeg), or extract the frames on a machine that has it: '
        + `ffmpeg -noautorotate -i "${file}" -fps_mode passthrough -start_number 0 -q:v 2 "${frames}"` })
  }
}

function tooOld(line: string): ToolkitError {
  return new ToolkitError('E_FFMPEG_OLD', `this ffmpeg is older than 5.1: ${line}`, { hint: 'install ffmpeg 5.1 or newer' })
}

/** Reads all of a stream, for else the program would wait for us, and keeps its first line that says something. */
function collectFirstLine(stream: Readable, file: string): () => string | null {
  let text = ''
  stream.setEncoding('utf8').on('data', (more: string) => {
    if (text.length < 8192) text += more
  })
  return () => {
    const line = text.split('\n').map((line) => line.replaceAll(/ @ 0x[0-9a-f]+\]/g, ']').replaceAll(`${urlOf(file)}: `, '').trim()).find((line) => line !== '')
    return line ?? null
  }
}
