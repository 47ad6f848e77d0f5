import type { Measured } from './measured.ts'

/** The plain mean over several measures (actions), each over its own clips; a measure without a value is left out, all of them without one give null. */
export function macroMean(parts: readonly Measured[]): Measured {
  if (parts.length === 1) return parts[0]!
  return {
    clips: parts.flatMap(({ clips }) => clips), groups: parts.flatMap(({ groups }) => groups),
    sums: { kind: 'mean', parts: parts.map(({ clips, sums }) => ({ clips: clips.length, sums })) },
    n: parts.reduce((sum, { n }) => sum + n, 0), unit: parts[0]?.unit ?? 'clips',
    reason: parts.every(({ reason }) => reason !== null) ? parts[0]?.reason ?? 'no clips' : null,
  }
}
