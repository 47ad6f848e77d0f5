import { randomAt } from '../random.ts'
import { drawsOf } from './draws.ts'
import { type Measured, valueOf } from './measured.ts'
import { underDraws } from './under-draws.ts'

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

const runsOf = (measured: OverSeeds): readonly Measured[] => ('sums' in measured ? [measured] : measured)

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

/** The values in each draw that has all of them. */
function draws(measures: readonly OverSeeds[], options: BootstrapOptions): number[][] {
  const drawn = drawsOf(runsOf(measures[0]!)[0]!.groups, options)
  const values = measures.map((measured) => runsOf(measured).map(({ sums }) => underDraws(sums, drawn)))
  const hasSeeds = values.some((runs) => runs.length > 1)
  const found: number[][] = []
  for (let draw = 0; draw < drawn.count; draw++) {
    const random = hasSeeds ? randomAt({ seed: options.seed, transform: 'bootstrap-seeds', position: draw }) : null
    const each = values.map((runs) => (runs.length === 1 ? runs[0]![draw]! : runs.map(() => runs[random!.integer(runs.length)]!).reduce((sum, run) => sum + run[draw]! / runs.length, 0)))
    if (!each.some(Number.isNaN)) found.push(each)
  }
  return found
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
