import type { Random } from '../../../random.ts'

/** [T, 2] of 1 = annotated, 0 = not: left hand, right hand. */
export type HandFlags = Uint8Array

/** Frames at either end of a sequence that lists of usable frames leave out, at most. */
const TRIM = { least: 2, most: 6 }

/** Which hands are annotated in one view: all but none to two gaps of 4 to 20 frames, in which one hand or both are missing. */
export function drawHandFlags(frames: number, random: Random): HandFlags {
  const flags = new Uint8Array(2 * frames).fill(1)
  const gaps = frames >= 60 ? random.integer(3) : random.integer(2)
  for (let gap = 0; gap < gaps; gap++) {
    const length = 4 + random.integer(Math.min(17, Math.floor(frames / 6) - 3))
    const first = Math.floor((gap * frames) / gaps) + TRIM.most
    const start = first + random.integer(Math.floor(((gap + 1) * frames) / gaps) - TRIM.most - length - first + 1)
    const missing = random.integer(3)
    for (let frame = start; frame < start + length; frame++) {
      if (missing !== 1) flags[2 * frame] = 0
      if (missing !== 0) flags[2 * frame + 1] = 0
    }
  }
  return flags
}

/** The frames that a list of poses names: both hands annotated, a few frames at the start and the end left out. */
export function listUsable(flags: HandFlags, random: Random): number[] {
  const [first, last] = [TRIM.least + random.integer(TRIM.most - TRIM.least + 1), TRIM.least + random.integer(TRIM.most - TRIM.least + 1)]
  return Array.from({ length: flags.length / 2 }, (_, frame) => frame)
    .filter((frame) => frame >= first && frame < flags.length / 2 - last && flags[2 * frame] === 1 && flags[2 * frame + 1] === 1)
}
