import { randomAt } from '../random.ts'
import { type Measured, valueOf } from './measured.ts'

/** A measure with its 95 % interval; nulls where it cannot be computed, and why. */
export type Estimate = { readonly value: number | null; readonly low: number | null; readonly high: number | null; readonly reason: string | null }

/** A difference of two measures on the same clips, its interval, and the two-sided bootstrap p-value that it is 0. */
export type Difference = Estimate & { readonly p: number | null }

export type BootstrapOptions = { readonly seed: number; readonly draws?: number }

/**
 * The value and its percentile interval when recordings are drawn again with replacement, in every role they have (never pairs). Draws without a value
 * (all one clip) are left out. Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
 */
export function estimate(measured: Measured, options: BootstrapOptions): Estimate {
  const value = valueOf(measured)
  if (value === null) return { value: null, low: null, high: null, reason: measured.reason ?? 'cannot be computed on these clips' }
  return { value, ...interval(draws([measured], options).map(([drawn]) => drawn!)), reason: null }
}

/** Paired difference a - b: both measured on the same draws of the same clips. Throws when they stand on different clips. */
export function difference(a: Measured, b: Measured, options: BootstrapOptions): Difference {
  if (a.clips.join() !== b.clips.join()) throw new Error('a paired difference needs both measures on the same clips')
  const [left, right] = [valueOf(a), valueOf(b)]
  if (left === null || right === null) return { value: null, low: null, high: null, p: null, reason: a.reason ?? b.reason ?? 'cannot be computed on these clips' }
  const differences = draws([a, b], options).map(([x, y]) => x! - y!)
  const below = differences.filter((d) => d <= 0).length
  const above = differences.filter((d) => d >= 0).length
  return { value: left - right, ...interval(differences), p: Math.min(1, (2 * (Math.min(below, above) + 1)) / (differences.length + 1)), reason: null }
}

/** The statistics of each draw that all of them can be computed on. */
function draws(measures: readonly Measured[], { seed, draws: count = 1000 }: BootstrapOptions): number[][] {
  const { groups } = measures[0]!
  const recordings = [...new Set(groups)]
  const places = groups.map((group) => recordings.indexOf(group))
  const weights = new Float64Array(groups.length)
  return Array.from({ length: count }, (_, draw) => {
    const random = randomAt({ seed, transform: 'bootstrap', position: draw })
    const counts = new Float64Array(recordings.length)
    for (let i = 0; i < recordings.length; i++) counts[random.integer(recordings.length)]!++
    for (const [clip, place] of places.entries()) weights[clip] = counts[place]!
    return measures.flatMap(({ statistic }) => statistic(weights) ?? [])
  }).filter((values) => values.length === measures.length)
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
