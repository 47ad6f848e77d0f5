import type { PhaseEntry } from '../../../catalog.ts'
import type { Segment } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'

/** Phase indices of one video, and the shape they lie in. */
export type PhaseLabels = { readonly shape: readonly number[]; readonly values: ArrayLike<number> }

/**
 * TCC's phase labels, one index per frame, as segments of `frames` frames: phase k is segment k, empty if no frame has it, and is named
 * after the key event it begins with (the first one `start`). Labels of another length than the clip are taken at floor(j * labels / frames), as CARL does.
 */
export function pennPhases({ values, shape }: PhaseLabels, frames: number, { action, phases: count, names }: PhaseEntry): readonly Segment[] {
  if (shape.length !== 1 || values.length === 0) {
    throw new ToolkitError('E_PENN_PHASES', `phase labels of shape (${shape.join(', ')}); one phase per frame is read`)
  }
  const starts = Array.from({ length: count + 1 }, () => frames)
  let last = 0
  for (let frame = 0; frame < frames; frame++) {
    const phase = values[Math.floor((frame * values.length) / frames)]!
    if (!Number.isInteger(phase) || phase < 0 || phase >= count) {
      throw new ToolkitError('E_PENN_PHASES', `phase ${phase} at frame ${frame}; ${action} has the phases 0 to ${count - 1}`)
    }
    if (phase < last) throw new ToolkitError('E_PENN_PHASES', `phase ${phase} at frame ${frame} comes after phase ${last}`)
    last = phase
    for (let k = phase; k >= 0 && starts[k] === frames; k--) starts[k] = frame
  }
  return names.map((label, k) => ({ start: starts[k]!, end: starts[k + 1]!, label }))
}
