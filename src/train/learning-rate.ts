import { learningRateAt, plateauAfter, type PlateauOptions, type PlateauState, plateauStart, type Schedule } from '../engine/index.ts'

/** A learning rate that rises in the warm-up, and falls whenever an epoch's mean loss gets no better. */
export type PlateauSchedule = { readonly kind: 'plateau'; readonly learningRate: number; readonly warmUp?: number } & Omit<PlateauOptions, 'better'>

export type TrainSchedule = Schedule | PlateauSchedule

/** A plateau schedule between two steps: its state after the last epoch, and the losses since, summed. */
export type Plateau = PlateauState & { readonly sum: number; readonly steps: number }

/** The learning rate of a step, from 1; `plateau` = that of a plateau schedule after the warm-up. */
export function rateAt(step: number, { schedule, steps }: { schedule: TrainSchedule; steps: number }, plateau?: number): number {
  if (schedule.kind !== 'plateau') return learningRateAt(step - 1, steps, schedule)
  return learningRateAt(step - 1, steps, { kind: 'constant', learningRate: plateau ?? schedule.learningRate, warmUp: schedule.warmUp ?? 0 })
}

/** Where a plateau schedule begins; null for those that follow the steps. */
export function plateauOf(schedule: TrainSchedule): Plateau | null {
  return schedule.kind === 'plateau' ? { ...plateauStart(schedule.learningRate), sum: 0, steps: 0 } : null
}

/** A plateau schedule goes by the mean loss of the steps that ended in the epoch. */
export function afterEpoch(plateau: Plateau | null, schedule: TrainSchedule): Plateau | null {
  if (plateau === null || schedule.kind !== 'plateau') return null
  const { sum, steps, ...state } = plateau
  const { kind: _kind, learningRate: _rate, warmUp: _warmUp, ...options } = schedule
  return { ...plateauAfter(state, sum / steps, { ...options, better: 'lower' }), sum: 0, steps: 0 }
}
