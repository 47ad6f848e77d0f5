import { rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ToolkitError } from '../errors.ts'
import type { AlignmentFigure, Film } from '../eval/report/report-data.ts'
import { FfmpegComplaint, outputOf, type VideoOptions } from '../ffmpeg.ts'
import type { Pixel } from '../ingest/synthetic/camera.ts'
import { type Colour, drawLimb, type Picture } from '../ingest/synthetic/picture.ts'

/** px of a clip's square, of what is between and around them, and of the bar under each. */
const [SIDE, GAP, BAR] = [320, 16, 12]
const [WIDTH, HEIGHT] = [2 * SIDE + 3 * GAP, SIDE + BAR + 3 * GAP]

// red in the lowest byte, as pictures have it
const [PAPER, LINE, INK] = [0xf7fafb, 0xd8dfe2, 0x26211d]
const PHASES = [0xc4c99e, 0x707a0b, 0x41a2d9, 0x2d56b5, 0xb06b7d, 0xb4864b]
const [LEFT, RIGHT, TRUNK]: [Colour, Colour, Colour] = [[47, 111, 181], [194, 87, 26], [58, 65, 73]]

/**
 * Writes two clips side by side as an H.264 MP4, A at its own pace and B in step with it as the figure's first follower has it; under each a bar with its phases and where it stands.
 * Throws E_FFMPEG_MISSING; E_VIDEO_WRITE when ffmpeg cannot write.
 */
export async function writeAlignmentVideo(file: string, figure: AlignmentFigure, { fps, ...options }: { fps: number } & VideoOptions): Promise<void> {
  const draft = `${file}.tmp`
  const args = ['-v', 'error', '-f', 'rawvideo', '-pix_fmt', 'rgb0', '-s', `${WIDTH}x${HEIGHT}`, '-r', String(fps), '-i', 'pipe:0', '-c:v', 'libx264', '-crf', '18', '-pix_fmt', 'yuv420p',
    // several threads of x264 make other bytes on machines with another number of cores
    '-threads', '1', '-fflags', '+bitexact', '-flags:v', '+bitexact', '-map_metadata', '-1', '-movflags', '+faststart', '-f', 'mp4', '-y', `file:${resolve(draft)}`]
  try {
    for await (const _ of outputOf('ffmpeg', args, file, { ...options, input: pictures(figure) })) { /* it writes to the draft, not to us */ }
    await rename(draft, file)
  } catch (error) {
    throw unwritten(file, error)
  } finally {
    await rm(draft, { force: true })
  }
}

function* pictures(figure: AlignmentFigure): Generator<Uint8Array> {
  for (const [frame, counterpart] of figure.followers[0]!.frames.entries()) {
    const picture: Picture = { width: WIDTH, height: HEIGHT, pixels: new Uint32Array(WIDTH * HEIGHT).fill(PAPER) }
    drawFilm(picture, figure, { film: figure.a, frame, left: GAP })
    drawFilm(picture, figure, { film: figure.b, frame: counterpart, left: 2 * GAP + SIDE })
    yield new Uint8Array(picture.pixels.buffer)
  }
}

function drawFilm(picture: Picture, { edges, pairs }: AlignmentFigure, { film, frame, left }: { film: Film; frame: number; left: number }): void {
  fill(picture, { left, top: GAP, width: SIDE, height: SIDE }, 0xffffff)
  const points = pointsOf(film, frame, left)
  for (const limb of edges) {
    const [from, to] = [points[limb[0]], points[limb[1]]]
    if (from !== undefined && to !== undefined) drawLimb(picture, [from, to], 2.5, colourOf(limb, pairs))
  }
  for (const point of points) if (point !== undefined) drawLimb(picture, [point, point], 3.5, TRUNK)
  drawBar(picture, film, { frame, left })
}

/** Limbs on the subject's right and left have a colour each. */
function colourOf(limb: readonly [number, number], pairs: AlignmentFigure['pairs']): Colour {
  const [isRight, isLeft] = [0, 1].map((side) => pairs.some((pair) => limb.includes(pair[side]!)))
  return isRight === isLeft ? TRUNK : isRight ? RIGHT : LEFT
}

/** px of each joint in the picture; undefined where it is absent. */
function pointsOf({ joints, side }: Film, frame: number, left: number): (Pixel | undefined)[] {
  const row = joints[frame]!
  const at = (value: number): number => (value * SIDE) / side
  return Array.from({ length: row.length / 2 }, (_, joint) => {
    const [x, y] = [row[2 * joint]!, row[2 * joint + 1]!]
    return x === null || y === null ? undefined : [left + at(x), GAP + at(y)] as const
  })
}

function drawBar(picture: Picture, { frames, phases }: Film, { frame, left }: { frame: number; left: number }): void {
  const top = 2 * GAP + SIDE
  const edge = (at: number): number => left + Math.round((at * SIDE) / frames)
  for (let at = 0; at < frames; at++) fill(picture, { left: edge(at), top: top + 3, width: edge(at + 1) - edge(at), height: BAR - 6 }, phases === null ? LINE : PHASES[phases[at]! % PHASES.length]!)
  fill(picture, { left: edge(frame + 0.5) - 2, top, width: 4, height: BAR }, INK)
}

function fill({ width, pixels }: Picture, box: { left: number; top: number; width: number; height: number }, word: number): void {
  for (let y = box.top; y < box.top + box.height; y++) pixels.fill(word, y * width + box.left, y * width + box.left + box.width)
}

function unwritten(file: string, error: unknown): unknown {
  if (error instanceof ToolkitError && error.code === 'E_FFMPEG_MISSING') {
    return new ToolkitError(error.code, `"${file}" needs ffmpeg, which is not to be found on this machine`, {
      cause: error, hint: 'install ffmpeg 5.1 or newer (apt install ffmpeg, brew install ffmpeg), or write an .html, which plays in any browser' })
  }
  if (!(error instanceof FfmpegComplaint)) return error
  return new ToolkitError('E_VIDEO_WRITE', `ffmpeg cannot write "${file}": ${error.line}`, { exit: 4, cause: error, hint: 'it needs libx264 and room on the disk; an .html plays in any browser' })
}
