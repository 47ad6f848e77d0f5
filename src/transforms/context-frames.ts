import { checkCount } from './transform.ts'

/** How a frame is shown with frames of its past: `context` frames in all, `stride` apart. 1 = the frame alone. */
export type Context = { readonly context: number; readonly stride: number }

/**
 * Each frame t as t - (context - 1) stride, ..., t - stride, t, none of them before 0 or after `last`; frame after frame. TCC: Dwibedi et al., Temporal
 * Cycle-Consistency Learning, CVPR 2019.
 */
export function contextFrames(frames: readonly number[], { context, stride, last }: Context & { last: number }): number[] {
  return frames.flatMap((t) => Array.from({ length: context }, (_, i) => Math.max(0, Math.min(last, t - (context - 1 - i) * stride))))
}

/** Refuses a context that no frame can have. */
export function checkContext({ context, stride }: Context): void {
  checkCount('context', context, 1)
  checkCount('stride', stride, 1)
}
