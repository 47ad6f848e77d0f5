import type { Measured } from './measured.ts'

/** The plain mean over several measures (actions), each over its own clips; a measure without a value is left out, all of them without one give null. */
export function macroMean(parts: readonly Measured[]): Measured {
  if (parts.length === 1) return parts[0]!
  const starts = parts.map((_, index) => parts.slice(0, index).reduce((sum, { clips }) => sum + clips.length, 0))
  const statistic = (weights: Float64Array): number | null => {
    const values = parts.flatMap((part, index) => part.statistic(weights.subarray(starts[index]!, starts[index]! + part.clips.length)) ?? [])
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
  }
  return {
    clips: parts.flatMap(({ clips }) => clips), groups: parts.flatMap(({ groups }) => groups), statistic,
    items: () => parts.flatMap(({ items }, part) => items().map((item) => ({ ...item, part }))),
    n: parts.reduce((sum, { n }) => sum + n, 0), unit: parts[0]?.unit ?? 'clips',
    reason: parts.every(({ reason }) => reason !== null) ? parts[0]?.reason ?? 'no clips' : null,
  }
}
