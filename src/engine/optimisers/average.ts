import { ToolkitError } from '../../errors.ts'
import type { Tensor } from '../../tensor.ts'
import { checkArguments, countOrNone, number, options as optionsOf, positive, variants } from '../arguments.ts'

/**
 * How a moving average of the parameters forgets. `exponential` as timm's ModelEmaV3 and, without warm-up, torch's AveragedModel with get_ema_multi_avg_fn: the first update copies.
 * `equal`: the mean over all updates, as torch's AveragedModel by default (stochastic weight averaging, Izmailov et al., 2018).
 */
export type AverageOptions =
  | {
    readonly kind: 'exponential'
    /** The share of the average that is kept at each update: 0.9999. */
    readonly decay?: number
    /** Keeps less at first: 1 - (1 + t / gamma)^-power, between `least` and `decay`. gamma 1, power 2/3, least 0. */
    readonly warmUp?: { readonly gamma?: number; readonly power?: number; readonly least?: number }
    /** Updates that only copy, before it begins: 0. */
    readonly after?: number
  }
  | { readonly kind: 'equal'; readonly after?: number }

export const averageKind = variants({
  exponential: { fields: { decay: number, warmUp: optionsOf({ gamma: positive, power: positive, least: number }), after: countOrNone } }, equal: { fields: { after: countOrNone } },
})

/** The share of the average that update 1, 2, ... keeps. Throws E_OPTIMISER for options there are not, and for numbers out of range. */
export function averageDecayAt(update: number, options: AverageOptions): number {
  checkArguments('averageDecayAt', { average: averageKind }, [options], { code: 'E_OPTIMISER' })
  const { after = 0 } = options
  if (!(update >= 1 && Number.isInteger(update))) throw new ToolkitError('E_OPTIMISER', `update ${update} of an average`, { hint: 'updates count from 1' })
  const t = Math.max(0, update - after - 1)
  if (options.kind === 'equal') return t / (t + 1)
  const { decay = 0.9999, warmUp } = options
  if (!(decay >= 0 && decay <= 1)) throw new ToolkitError('E_OPTIMISER', `an average with decay ${decay}`, { hint: 'it is a share, 0 to 1' })
  if (t === 0) return 0
  if (warmUp === undefined) return decay
  const { gamma = 1, power = 2 / 3, least = 0 } = warmUp
  return Math.max(Math.min(1 - (1 + t / gamma) ** -power, decay), least)
}

/** What is fed at update 1, 2, ... of a graph with `average`. */
export function averageFeeds(update: number, options: AverageOptions): Record<string, Tensor> {
  return { averageDecay: { shape: [], data: Float32Array.of(averageDecayAt(update, options)) } }
}
