import { ToolkitError } from '../../errors.ts'
import { checkArguments, countOrNone, elsewhere, notNegative, oneOf, options as optionsOf } from '../arguments.ts'

/** When a learning rate falls because a measure does not get better. Defaults are PyTorch's. */
export type PlateauOptions = {
  readonly better: 'lower' | 'higher'
  /** The rate falls by this: 0.1. */
  readonly factor?: number
  /** Measures without a better one that are waited for: 10. */
  readonly patience?: number
  /** How much better is better: 1e-4, times the best (`relative`) or as it is (`absolute`). */
  readonly threshold?: number
  readonly mode?: 'relative' | 'absolute'
  /** Measures after a fall in which none is counted: 0. */
  readonly cooldown?: number
  /** The lowest rate: 0. Falls by less than 1e-8 are none. */
  readonly least?: number
}

/** Where a plateau schedule stands: plain data, a part of checkpoints. */
export type PlateauState = {
  readonly rate: number
  /** The best measure so far; null before the first. */
  readonly best: number | null
  /** Measures since the best one or the last fall. */
  readonly bad: number
  /** Measures of the cooldown that are left. */
  readonly cooling: number
}

const plateauKind = optionsOf({
  better: oneOf('lower', 'higher'), factor: elsewhere, patience: countOrNone, threshold: notNegative, mode: oneOf('relative', 'absolute'), cooldown: countOrNone, least: notNegative,
}, ['better'])

/** The state before the first epoch, at a learning rate. Throws E_SCHEDULE for one that is no number of 0 or more. */
export function plateauStart(rate: number): PlateauState {
  checkArguments('plateauStart', { rate: notNegative }, [rate], { code: 'E_SCHEDULE' })
  return { rate, best: null, bad: 0, cooling: 0 }
}

/** The state after one more measure, as torch.optim.lr_scheduler.ReduceLROnPlateau. NaN is never better. Throws E_SCHEDULE for options there are not, and for numbers out of range. */
export function plateauAfter(state: PlateauState, value: number, options: PlateauOptions): PlateauState {
  checkArguments('plateauAfter', { options: plateauKind }, [options], { code: 'E_SCHEDULE' })
  const { factor = 0.1, patience = 10, cooldown = 0, least = 0 } = options
  if (!(typeof factor === 'number' && factor > 0 && factor < 1)) throw new ToolkitError('E_SCHEDULE', `a plateau with factor ${String(factor)}`, { hint: 'it must lie between 0 and 1' })
  const isBetter = isBest(value, state.best, options)
  const best = isBetter ? value : state.best
  const bad = isBetter || state.cooling > 0 ? 0 : state.bad + 1
  const cooling = Math.max(0, state.cooling - 1)
  if (bad <= patience) return { rate: state.rate, best, bad, cooling }
  const lower = Math.max(state.rate * factor, least)
  return { rate: state.rate - lower > 1e-8 ? lower : state.rate, best, bad: 0, cooling: cooldown }
}

function isBest(value: number, best: number | null, { better, threshold = 1e-4, mode = 'relative' }: PlateauOptions): boolean {
  const sign = better === 'lower' ? 1 : -1
  if (best === null) return sign * value < Infinity
  return mode === 'relative' ? sign * value < sign * best * (1 - sign * threshold) : sign * value < sign * best - threshold
}
