import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

/** Are ffmpeg and ffprobe on PATH? Tests that need them say that they skipped. */
export const ffmpegHere: boolean = ['ffmpeg', 'ffprobe'].every((program) => spawnSync(program, ['-version'], { stdio: 'ignore' }).status === 0)

/** Runs ffmpeg over raw rgb24 frames handed in, or over files. Throws with its errors when it fails. */
export function runFfmpeg(args: readonly string[], input: Uint8Array = new Uint8Array(0)): Uint8Array {
  const { status, stdout, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-y', ...args], { input, maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`ffmpeg failed: ${stderr.toString()}`)
  return stdout
}

/** px of the numbered frames. */
export const NUMBERED = { width: 64, height: 48 }

/** rgb24 frames whose top row of eight 8 x 24 blocks is the frame's number in binary (white = 1, lowest bit left), over a bar that moves 2 px a frame. */
export function numberedFrames(count: number): Uint8Array {
  const { width, height } = NUMBERED
  const frames = new Uint8Array(count * height * width * 3)
  for (let at = 0; at < frames.length; at += 3) {
    const [x, y, frame] = [(at / 3) % width, Math.floor(at / 3 / width) % height, Math.floor(at / 3 / width / height)]
    const isWhite = y < 24 ? ((frame >> Math.floor(x / 8)) & 1) === 1 : (x + 2 * frame) % width < 16
    if (isWhite) frames.fill(255, at, at + 3)
  }
  return frames
}

/** The number in an rgb24 frame, whatever its size. */
export function numberIn(frame: Uint8Array, { width, height } = NUMBERED): number {
  const row = Math.floor(height / 4) * width
  const isWhite = (block: number): boolean => frame[(row + Math.floor(((block + 0.5) * width) / 8)) * 3]! > 127
  return Array.from({ length: 8 }, (_, block) => (isWhite(block) ? 2 ** block : 0)).reduce((sum, bit) => sum + bit, 0)
}

/** Writes a video of numbered frames at 25 frames a second; `args` are what the encoder is told. */
export function writeNumbered(file: string, count: number, args: readonly string[]): string {
  const { width, height } = NUMBERED
  runFfmpeg(['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-r', '25', '-i', 'pipe:0', ...args, file], numberedFrames(count))
  return file
}

/** Copies an MP4 and has players turn it by a quarter clockwise, as a telephone held upright does: the matrix of its track header (ISO/IEC 14496-12, 8.3.2). */
export function writeTurned(from: string, to: string): string {
  const bytes = readFileSync(from)
  const matrix = bytes.indexOf('tkhd') + 44
  for (const [cell, value] of [0, 65536, 0, -65536, 0, 0, 0, 0, 2 ** 30].entries()) bytes.writeInt32BE(value, matrix + cell * 4)
  writeFileSync(to, bytes)
  return to
}
