import { upperLimit } from './conformal.ts'
import type { FrameCosts } from './pair-costs.ts'

/** One step of an action, as a clip has it. */
export type Step = {
  readonly step: number
  /** Frames of the clip that its references place in the step: their median. */
  readonly frames: number
  /** The least, the middle and the greatest of the references' own, each placed by the others. */
  readonly usual: readonly [number, number, number]
  /** How far the references' frames of the step are from the clip, over the middle of the same among the references; null where that is 0. */
  readonly times: number | null
  /** `missing` or passed in a hurry: far from the clip and given little time, together more than in clean clips. */
  readonly state: 'done' | 'missing'
}

/** The steps in order, the share of clean clips in which any step is said not to be done, and how many references have steps. */
export type StepCheck = { readonly steps: readonly Step[]; readonly chance: number; readonly references: number }

type Stepped = { readonly steps: ArrayLike<number> | null }
/** What frames cost: `beside[s]` those of the clip beside reference s and the other way round, `among[r][s]` those of reference r beside reference s. */
type Costs = { readonly references: readonly Stepped[]; readonly beside: readonly (readonly [FrameCosts, FrameCosts])[]; readonly among: readonly (readonly (FrameCosts | null)[])[] }

/** Fewest references with steps: with fewer a limit says nothing. */
const FEWEST = 4

/**
 * Which steps of the references a clip has not done: their frames are far from it, and it has little time for them. A clip's figure is its most conspicuous step, and the limit is read off those of the
 * references, so that it holds for all steps of a clip at once. null = fewer than 4 references have steps.
 */
export function stepCheck({ references, beside, among }: Costs, { level, nearest }: { level: number; nearest: number }): StepCheck | null {
  const count = 1 + Math.max(-1, ...references.flatMap(({ steps }) => (steps === null ? [] : Array.from(steps))))
  const able = references.flatMap(({ steps }, at) => (steps !== null && new Set(Array.from(steps)).size === count ? [{ at, steps }] : []))
  if (able.length < FEWEST) return null
  const all = Array.from({ length: count }, (_, step) => step)
  const figuresOf = (members: typeof able, costsOf: (at: number) => readonly [FrameCosts, FrameCosts]) => all.map((step) => figuresOfStep(step, members.map(({ at, steps }) => {
    const [own, theirs] = costsOf(at)
    return { own, theirs, steps }
  }), nearest))
  const usual = able.map(({ at: row }) => figuresOf(able.filter(({ at }) => at !== row), (at) => [among[row]![at]!, among[at]![row]!]))
  const found = figuresOf(able, (at) => beside[at]!)
  const conspicuous = conspicuousness(usual)
  const limit = upperLimit(usual.map((figures) => Math.max(...all.map((step) => conspicuous(figures[step]!, step)))), level)
  return {
    chance: limit.chance, references: able.length,
    steps: all.map((step) => {
      const { cost, frames } = found[step]!
      const [middle, counts] = [median(usual.map((one) => one[step]!.cost)), usual.map((one) => one[step]!.frames)]
      const state = conspicuous(found[step]!, step) > limit.value ? 'missing' : 'done'
      return { step, frames, usual: [Math.min(...counts), median(counts), Math.max(...counts)], times: middle === 0 ? null : cost / middle, state }
    }),
  }
}

/** How much farther than usual a step is and how much less time it has: what each is above its usual logarithm, in median absolute deviations of the step (of at least a tenth, and one frame), together. */
function conspicuousness(usual: readonly (readonly Figures[])[]): (figures: Figures, step: number) => number {
  const scalesOf = (of: (figures: Figures) => number, least: (middle: number) => number) => usual[0]!.map((_, step) => {
    const values = usual.map((one) => of(one[step]!))
    const middle = median(values)
    return { middle, spread: Math.max(least(middle), median(values.map((value) => Math.abs(value - middle)))) }
  })
  const [far, hurried] = [scalesOf(distance, () => 0.1), scalesOf(hurry, (middle) => Math.log1p(Math.exp(middle)))]
  const above = (value: number, { middle, spread }: { middle: number; spread: number }): number => Math.max(0, (value - middle) / spread)
  return (figures, step) => above(distance(figures), far[step]!) + above(hurry(figures), hurried[step]!)
}

/** What a step costs and takes. */
type Figures = { readonly cost: number; readonly frames: number }

function distance({ cost }: Figures): number {
  return Math.log(cost + Number.MIN_VALUE)
}

/** One frame is added so that steps of few frames, or none, can be compared. */
function hurry({ frames }: Figures): number {
  return -Math.log(frames + 1)
}

/** How far the frames of a step are from a clip, the mean over its nearest references, and the median of the clip's frames that references place in the step. */
function figuresOfStep(step: number, members: readonly { readonly own: FrameCosts; readonly theirs: FrameCosts; readonly steps: ArrayLike<number> }[], nearest: number): Figures {
  const costs = members.map(({ theirs, steps }) => {
    const within = theirs.placed.filter((_, frame) => steps[frame] === step)
    return within.reduce((sum, cost) => sum + cost, 0) / within.length
  }).sort((a, b) => a - b).slice(0, nearest)
  return {
    cost: costs.reduce((sum, cost) => sum + cost, 0) / costs.length,
    frames: median(members.map(({ own, steps }) => own.frames.reduce((sum, frame) => sum + (steps[frame] === step ? 1 : 0), 0))),
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.floor(sorted.length / 2)]!) / 2
}
