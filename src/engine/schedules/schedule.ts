import { ToolkitError, unknownName } from '../../errors.ts'

/** How a learning rate goes on after its warm-up. Steps are counted from the end of the warm-up; `least` is a share of the highest rate, 0 when not given. */
export type Course =
  | { readonly kind: 'constant' }
  /** Rises and falls by half cosines, from 1/25 up to the highest rate and down to 1/250,000 of it; the warm-up is the rise. */
  | { readonly kind: 'one-cycle' }
  /** Half a cosine down to `least` at the last step; with `cycle` again and again in so many steps, each cycle `growth` times as long as the one before. */
  | { readonly kind: 'cosine'; readonly least?: number; readonly cycle?: number; readonly growth?: number }
  /** In a line down to `least`. */
  | { readonly kind: 'linear'; readonly least?: number }
  /** Times `factor` (0.1) `every` so many steps. */
  | { readonly kind: 'step'; readonly every: number; readonly factor?: number }
  /** Times `factor` (0.1) `at` each of these steps. */
  | { readonly kind: 'multi-step'; readonly at: readonly number[]; readonly factor?: number }
  /** Times `factor` at each step. */
  | { readonly kind: 'exponential'; readonly factor: number }

/** How the learning rate moves over a run. */
export type Schedule = Course & {
  /** The highest learning rate. */
  readonly learningRate: number
  /** Share of the steps in which it rises, in equal parts: 0. */
  readonly warmUp?: number
}

/**
 * The learning rate of step 0 .. steps - 1. Each is torch.optim.lr_scheduler's of the same kind: OneCycleLR (Smith and Topin, Super-Convergence, 2018),
 * CosineAnnealingLR and CosineAnnealingWarmRestarts (Loshchilov and Hutter, SGDR, 2017), LinearLR, StepLR, MultiStepLR, ExponentialLR, after LinearLR where it warms up.
 * Throws E_SCHEDULE for an unknown kind or option and for numbers out of range.
 */
export function learningRateAt(step: number, steps: number, schedule: Schedule): number {
  check(schedule)
  if (!(step >= 0 && step < Infinity && steps >= 1)) throw new ToolkitError('E_SCHEDULE', `the learning rate of step ${step} of ${steps}`, { hint: 'steps count from 0, of 1 or more' })
  const { learningRate, warmUp = 0 } = schedule
  const rising = warmUp * steps
  if (schedule.kind === 'one-cycle') return oneCycle(step, steps, { learningRate, peak: Math.max(0, rising - 1) })
  if (step < rising) return (learningRate * (step + 1)) / Math.ceil(rising)
  return courseAt(step - rising, steps - rising, schedule)
}

function oneCycle(step: number, steps: number, { learningRate, peak }: { learningRate: number; peak: number }): number {
  return step <= peak
    ? halfCosine(learningRate / 25, learningRate, peak === 0 ? 1 : step / peak)
    : halfCosine(learningRate, learningRate / 250_000, (step - peak) / Math.max(1, steps - 1 - peak))
}

/** The rate `at` steps after the warm-up, of `steps`. */
function courseAt(at: number, steps: number, schedule: Schedule): number {
  const { kind, learningRate } = schedule
  const whole = Math.floor(at)
  switch (kind) {
    case 'cosine': return cosine(at, steps, schedule)
    case 'linear': return learningRate * (1 + ((schedule.least ?? 0) - 1) * Math.min(1, at / Math.max(1, steps)))
    case 'step': return learningRate * (schedule.factor ?? 0.1) ** Math.floor(whole / schedule.every)
    case 'multi-step': return learningRate * (schedule.factor ?? 0.1) ** schedule.at.filter((step) => step <= whole).length
    case 'exponential': return learningRate * schedule.factor ** whole
    default: return learningRate
  }
}

function cosine(at: number, steps: number, { learningRate, least = 0, cycle, growth = 1 }: Extract<Schedule, { kind: 'cosine' }>): number {
  if (cycle === undefined) return halfCosine(learningRate, learningRate * least, at / Math.max(1, steps))
  let [from, length] = [0, cycle]
  while (at >= from + length) [from, length] = [from + length, length * growth]
  return halfCosine(learningRate, learningRate * least, (at - from) / length)
}

/** From `start` (at 0) to `end` (at 1). */
function halfCosine(start: number, end: number, share: number): number {
  return end + ((start - end) / 2) * (1 + Math.cos(Math.PI * share))
}

const whole = (value: number): boolean => Number.isInteger(value) && value >= 1
const share = (value: number): boolean => value >= 0 && value <= 1
const positive = (value: number): boolean => value > 0 && value < Infinity

/** What each number of a schedule must be. */
const limits: Readonly<Record<string, readonly [(value: number) => boolean, string]>> = {
  learningRate: [(value) => value >= 0 && value < Infinity, '0 or more'], warmUp: [share, 'a share, 0 to 1'], least: [share, 'a share, 0 to 1'],
  factor: [positive, 'above 0'], every: [whole, 'a whole number of steps, 1 or more'], cycle: [whole, 'a whole number of steps, 1 or more'],
  growth: [whole, 'a whole number, 1 or more'], at: [whole, 'whole numbers of steps, 1 or more'],
}

/** What each kind can be told beside learningRate and warmUp. */
const fields: Readonly<Record<string, readonly string[]>> = {
  constant: [], 'one-cycle': [], cosine: ['least', 'cycle', 'growth'], linear: ['least'], step: ['every', 'factor'], 'multi-step': ['at', 'factor'], exponential: ['factor'],
}

/** What has no default. */
const needed: Readonly<Record<string, readonly string[]>> = { step: ['every'], 'multi-step': ['at'], exponential: ['factor'] }

function check(schedule: Schedule): void {
  const own = fields[schedule.kind]
  if (own === undefined) throw unknownName('E_SCHEDULE', 'schedule', String(schedule.kind), Object.keys(fields))
  const names = ['kind', 'learningRate', 'warmUp', ...own]
  const unknown = Object.keys(schedule).find((name) => !names.includes(name))
  if (unknown !== undefined) throw unknownName('E_SCHEDULE', `option of schedule "${schedule.kind}"`, unknown, names)
  const missing = ['learningRate', ...needed[schedule.kind] ?? []].find((name) => (schedule as Readonly<Record<string, unknown>>)[name] === undefined)
  if (missing !== undefined) throw new ToolkitError('E_SCHEDULE', `schedule "${schedule.kind}" without ${missing}`, { hint: `it must be ${limits[missing]![1]}` })
  for (const [name, value] of Object.entries(schedule)) {
    const limit = limits[name]
    if (limit === undefined || value === undefined || [value as number | readonly number[]].flat().every((one) => typeof one === 'number' && limit[0](one))) continue
    throw new ToolkitError('E_SCHEDULE', `schedule "${schedule.kind}" with ${name} ${String(value)}`, { hint: `it must be ${limit[1]}` })
  }
}
