import type { Clip } from '../clip.ts'
import { eventSignal, extremumOf } from './pseudo-phases.ts'
import type { LabelKind } from './phases.ts'

/** Frames at which something happens that every clip of an action shows, rising, and the span their errors are divided by. */
export type Events = { readonly kind: LabelKind; readonly frames: readonly number[]; readonly span: number }

/**
 * A clip's events. With annotated phases: where each phase after the first begins. Else, for six actions, half-rise, extremum and half-fall of
 * the pseudo rule's height, half = midway between its lowest and highest value in the clip. The span is last - first event (half the clip when there is only
 * one); null when no rule finds them in order.
 */
export function eventsOf(clip: Clip): Events | null {
  if (clip.labels.phases !== null) return annotated(clip)
  const action = clip.labels.action ?? ''
  const extremum = extremumOf(clip, action)
  const signal = eventSignal(clip, action)
  if (extremum === null || signal === null) return null
  const rise = halfway(signal, extremum, -1)
  const fall = halfway(signal, extremum, 1)
  return rise < extremum && extremum < fall ? { kind: 'pseudo', frames: [rise, extremum, fall], span: fall - rise } : null
}

function annotated(clip: Clip): Events | null {
  const frames = clip.labels.phases!.slice(1).map(({ start }) => start)
  if (frames.length === 0) return null
  return { kind: 'annotated', frames, span: frames.length > 1 ? frames.at(-1)! - frames[0]! : clip.frames / 2 }
}

/** The last frame on the way from the extremum in `direction` that is still at least midway between the lowest and the highest value. */
function halfway(signal: Float64Array, extremum: number, direction: 1 | -1): number {
  const level = (signal[extremum]! + signal.reduce((least, value) => Math.min(least, value), Infinity)) / 2
  let frame = extremum
  while (frame + direction >= 0 && frame + direction < signal.length && signal[frame + direction]! >= level) frame += direction
  return frame
}
