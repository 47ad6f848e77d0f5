import type { Clip, Segment } from '../clip.ts'
import { pseudoPhases } from './pseudo-phases.ts'

/** Where phases come from: people, or a rule on the same joints the encoder sees (never to be compared with published figures). */
export type LabelKind = 'annotated' | 'pseudo'

/** A clip's phases: those of its labels when it has them, else by the pseudo rule of its action; null when neither gives any. */
export function phasesOf(clip: Clip): { readonly kind: LabelKind; readonly phases: Uint8Array } | null {
  if (clip.labels.phases !== null) return { kind: 'annotated', phases: perFrame(clip.labels.phases, clip.frames) }
  const phases = pseudoPhases(clip)
  return phases === null ? null : { kind: 'pseudo', phases }
}

/** Segments without gaps as one index per frame, counted in order of time. */
function perFrame(segments: readonly Segment[], frames: number): Uint8Array {
  const phases = new Uint8Array(frames)
  for (const [index, { start, end }] of segments.entries()) phases.fill(index, start, end)
  return phases
}

/**
 * Phase time phi [T] of per-frame phases: k + the share of phase k that has passed, at the middle of each frame.
 * Continuous and rising; comparable between clips of one action whatever their speed.
 */
export function phaseTime(phases: ArrayLike<number>): Float64Array {
  const counts: number[] = []
  for (const phase of Array.from(phases)) counts[phase] = (counts[phase] ?? 0) + 1
  const passed: number[] = []
  return Float64Array.from(phases, (phase) => {
    const before = passed[phase] ?? 0
    passed[phase] = before + 1
    return phase + (before + 0.5) / counts[phase]!
  })
}
