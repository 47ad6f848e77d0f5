import { randomAt } from '../random.ts'
import { type Measured, valueOf } from './measured.ts'

/** A measure with its 95 % interval; nulls where it cannot be computed, and why. */
export type Estimate = { readonly value: number | null; readonly low: number | null; readonly high: number | null; readonly reason: string | null }

/** A difference of two measures on the same clips, its interval, and the two-sided bootstrap p-value that it is 0. */
export type Difference = Estimate & { readonly p: number | null }

export type BootstrapOptions = { readonly seed: number; readonly draws?: number }

/** One measure, or the same measure of several runs that differ in their seed: then the value is their mean, and each draw draws the seeds again too. */
export type OverSeeds = Measured | readonly Measured[]

/**
 * The value and its percentile interval when recordings are drawn again with replacement, in every role they have (never pairs), and seeds within each draw.
 * Draws
 * without a value (all one clip) are left out. Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
 */
export function estimate(measured: OverSeeds, options: BootstrapOptions): Estimate {
  const value = meanValue(measured)
  if (value === null) return { value: null, low: null, high: null, reason: reasonOf(measured) }
  return { value, ...interval(draws([measured], options).map(([drawn]) => drawn!)), reason: null }
}

/** Paired difference a - b: both measured on the same draws of the same clips. Throws when they stand on different clips. */
export function difference(a: OverSeeds, b: OverSeeds, options: BootstrapOptions): Difference {
  const clips = new Set([a, b].flat().map((measured) => (measured as Measured).clips.join()))
  if (clips.size > 1) throw new Error('a paired difference needs both measures on the same clips')
  const [left, right] = [meanValue(a), meanValue(b)]
  if (left === null || right === null) return { value: null, low: null, high: null, p: null, reason: reasonOf(left === null ? a : b) }
  const differences = draws([a, b], options).map(([x, y]) => x! - y!)
  const below = differences.filter((d) => d <= 0).length
  const above = differences.filter((d) => d >= 0).length
  return { value: left - right, ...interval(differences), p: Math.min(1, (2 * (Math.min(below, above) + 1)) / (differences.length + 1)), reason: null }
}

const runsOf = (measured: OverSeeds): readonly Measured[] => ('statistic' in measured ? [measured] : measured)

/** Mean over runs of the measure itself; null when one of them has none. */
function meanValue(measured: OverSeeds): number | null {
  return meanOf(runsOf(measured).map(valueOf))
}

function reasonOf(measured: OverSeeds): string {
  return runsOf(measured).find(({ reason }) => reason !== null)?.reason ?? 'cannot be computed on these clips'
}

function meanOf(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((sum, value) => (sum === null || value === null ? null : sum + value / values.length), 0)
}

/** The statistics of each draw that all of them can be computed on. */
function draws(measures: readonly OverSeeds[], options: BootstrapOptions): number[][] {
  const { groups } = runsOf(measures[0]!)[0]!
  return weightsOf(groups, options).map((weights, draw) => {
    const random = randomAt({ seed: options.seed, transform: 'bootstrap-seeds', position: draw })
    return measures.flatMap((measured) => {
      const runs = runsOf(measured)
      const drawn = runs.length === 1 ? runs : runs.map(() => runs[random.integer(runs.length)]!)
      return meanOf(drawn.map((run) => drawnValue(run, draw, weights, options))) ?? []
    })
  }).filter((values) => values.length === measures.length)
}

/** What each measure was in each draw: a run is held against every floor on the same draws. */
const known = new WeakMap<Measured, Map<string, (number | null)[]>>()

function drawnValue(measured: Measured, draw: number, weights: Float64Array, { seed, draws: count = 1000 }: BootstrapOptions): number | null {
  const byOptions = known.get(measured) ?? new Map<string, (number | null)[]>()
  known.set(measured, byOptions)
  const values = byOptions.get(`${seed} ${count}`) ?? []
  byOptions.set(`${seed} ${count}`, values)
  const value = values[draw]
  if (value !== undefined) return value
  return values[draw] = measured.statistic(weights)
}

/** The draws made last, by what they depend on, oldest first: the measures of an evaluation ask for a few, again and again. */
const latest = new Map<string, readonly Float64Array[]>()
const MOST_KEPT = 32

/** How often each clip comes in each draw: as often as its recording is drawn, out of as many as there are. */
function weightsOf(groups: readonly string[], { seed, draws: count = 1000 }: BootstrapOptions): readonly Float64Array[] {
  const key = JSON.stringify([seed, count, groups])
  const kept = latest.get(key)
  if (kept !== undefined) return kept
  const recordings = [...new Set(groups)]
  const places = groups.map((group) => recordings.indexOf(group))
  const weights = Array.from({ length: count }, (_, draw) => {
    const random = randomAt({ seed, transform: 'bootstrap', position: draw })
    const counts = new Float64Array(recordings.length)
    for (let i = 0; i < recordings.length; i++) counts[random.integer(recordings.length)]!++
    return Float64Array.from(places, (place) => counts[place]!)
  })
  latest.set(key, weights)
  if (latest.size > MOST_KEPT) latest.delete(latest.keys().next().value!)
  return weights
}

/** The 2.5th and 97.5th percentile, linear between values. */
function interval(values: readonly number[]): { readonly low: number | null; readonly high: number | null } {
  if (values.length < 2) return { low: null, high: null }
  const sorted = values.toSorted((a, b) => a - b)
  return { low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) }
}

function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1)
  const below = Math.floor(place)
  return sorted[below]! + (place - below) * ((sorted[below + 1] ?? sorted[below]!) - sorted[below]!)
}
