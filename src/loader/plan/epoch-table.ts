import type { ClipTable } from '../clip-source.ts'
import type { Plan } from '../plan.ts'

/** A row of the table of what a training will see. */
export type PlannedSample = {
  readonly number: number
  readonly clip: string
  readonly row: number
  readonly epoch: number
  readonly repeat: number
  /** Frames of the clip, end exclusive: of the window, or all of them. */
  readonly start: number
  readonly end: number
  readonly step: number
  readonly partner: string | null
}

/** Samples `start` to `end` (exclusive), one at a time, with their clips by name. */
export function* plannedSamples(plan: Plan, clips: ClipTable, { start, end }: { readonly start: number; readonly end: number }): Generator<PlannedSample> {
  for (let number = start; number < end; number++) {
    const { row, epoch, repeat, window, partner } = plan.sampleAt(number)
    const frames = window ?? { start: 0, end: clips.frames[row]!, step: 1 }
    yield { number, clip: clips.id(row), row, epoch, repeat, ...frames, partner: partner === null ? null : clips.id(partner) }
  }
}
