import { gru } from '../../../src/engine/index.ts'
import type { Case } from '../operation-case.ts'

/** Recurrences over time. */
export const cases: readonly Case[] = ([[4, 1, 2, 3], [1, 1, 2, 3], [3, 1, 1, 1], [3, 2, 2, 2]] as const).map(([steps, units, batch, width]) => ({
  title: `gru of ${steps} steps, ${units} side by side, a batch of ${batch}, ${width} wide`,
  shapes: [[steps, units, batch, 3 * width], [units, batch, width], [units, 3 * width, width], [units, 3 * width]],
  make: (gates, initial, weight, bias) => gru({ gates: gates!, initial: initial!, weight: weight!, bias: bias! }),
}))
