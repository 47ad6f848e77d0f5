import type { Encoder } from '../../encoder.ts'
import { eventSignal } from '../pseudo-phases.ts'
import { toTensor } from './coordinates.ts'

/**
 * `baseline/event`: one number, how far below its extreme height the action's joint is as a share of its range in the view, negative before the extremum,
 * positive after it.
 * It is told the action and uses the rule the pseudo labels are made of: an oracle for six actions (a constant elsewhere), not a rival.
 */
export function event(action: string): Encoder {
  return {
    name: 'baseline/event',
    embed: async (clips) => clips.map((clip) => {
      const signal = eventSignal(clip, action)
      return toTensor(clip, signal === null ? [] : [signedDepth(signal)])
    }),
  }
}

function signedDepth(signal: Float64Array): Float64Array {
  const highest = signal.reduce((most, value) => Math.max(most, value), -Infinity)
  const range = highest - signal.reduce((least, value) => Math.min(least, value), Infinity) || 1
  const extremum = signal.indexOf(highest)
  return signal.map((value, t) => (Math.sign(t - extremum) * (highest - value)) / range)
}
