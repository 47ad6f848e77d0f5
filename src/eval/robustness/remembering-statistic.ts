import type { Measured } from '../measured.ts'

/** The same measure, which computes its value on the same draw once: a curve asks for it on its own, beside the clean clips, and beside other encoders. */
export function rememberingStatistic(measured: Measured): Measured {
  const known = new WeakMap<Float64Array, { readonly value: number | null }>()
  return {
    ...measured,
    statistic: (weights) => {
      const found = known.get(weights) ?? { value: measured.statistic(weights) }
      known.set(weights, found)
      return found.value
    },
  }
}
