import type { Clip } from '../../clip.ts'
import type { Random } from '../../random.ts'

/** round(level x frames) frames of a clip in a row, anywhere in it. */
export function drawRun({ frames }: Clip, level: number, random: Random): { readonly start: number; readonly end: number } {
  const length = Math.round(level * frames)
  const start = random.integer(frames - length + 1)
  return { start, end: start + length }
}
