import { la2dsKind, type La2dsSettings } from './la2ds.ts'
import type { ModelContext } from './model-kind.ts'
import { parameterCount } from './model.ts'

/** How many numbers LA2DS of the same sizes learns, on heatmaps of joints and limbs of one person: what a rival is compared with at equal parameters. */
export function parametersOfLa2ds(settings: Omit<La2dsSettings, 'channels' | 'inputs' | 'readout' | 'spatialPosition' | 'spatialDeviation'>, context: ModelContext): number {
  return parameterCount(la2dsKind.make({ ...settings, channels: 'both', inputs: 'patches', readout: 'class-token', spatialPosition: 'learned', spatialDeviation: 0 }, context).model)
}

/** The width, a multiple of `step`, at which a growing count comes nearest to a wanted one; `step` at least. */
export function matchedWidth(wanted: number, countOf: (width: number) => number, step = 1): number {
  let [low, high] = [1, 2]
  while (countOf(high * step) < wanted) [low, high] = [high, 2 * high]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (countOf(middle * step) < wanted) low = middle
    else high = middle
  }
  return (wanted - countOf(low * step) <= countOf(high * step) - wanted ? low : high) * step
}
