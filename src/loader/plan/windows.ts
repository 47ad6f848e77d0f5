import type { SampleRef } from '../sample.ts'

/** Frames start, start + step, ... below end. */
export type Window = NonNullable<SampleRef['window']>

/** Cuts a clip into windows of `frames` frames, `step` frames apart, that begin at 0, stride, 2 stride, ... frames of the clip. */
export type WindowRule = {
  readonly frames: number
  readonly stride: number
  /** 1 = every frame. */
  readonly step?: number
  /**
   * What becomes of frames behind the last whole window. `drop`: nothing. `last`: one more whole window, flush with the end. `pad`: one more, at the next
   * multiple of the stride, of the frames that are left. A clip shorter than a window has none with `drop` and `last`, and itself as the only one with `pad`.
   */
  readonly rest: 'drop' | 'last' | 'pad'
}

/** How many windows a clip of so many frames has. */
export function countWindows(frames: number, rule: WindowRule): number {
  const whole = wholeWindows(frames, rule)
  const isCovered = whole > 0 && (whole - 1) * rule.stride + spanOf(rule) >= frames
  if (isCovered || rule.rest === 'drop') return whole
  if (rule.rest === 'last') return whole === 0 ? 0 : whole + 1
  return whole * rule.stride < frames ? whole + 1 : whole
}

/** The window of a number below `countWindows`. */
export function windowAt(frames: number, rule: WindowRule, number: number): Window {
  const step = rule.step ?? 1
  if (number < wholeWindows(frames, rule)) return { start: number * rule.stride, end: number * rule.stride + spanOf(rule), step }
  return { start: rule.rest === 'last' ? frames - spanOf(rule) : number * rule.stride, end: frames, step }
}

/** Frames of the clip that a whole window reaches over. */
export function spanOf({ frames, step = 1 }: WindowRule): number {
  return (frames - 1) * step + 1
}

function wholeWindows(frames: number, rule: WindowRule): number {
  return Math.max(0, Math.floor((frames - spanOf(rule)) / rule.stride) + 1)
}
