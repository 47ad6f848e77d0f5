import type { Encoder } from '../../encoder.ts'
import { constant } from './constant.ts'
import { coordinatesVelocity } from './coordinates-velocity.ts'
import { coordinates } from './coordinates.ts'
import { count, countShare } from './count.ts'
import { event } from './event.ts'
import { random } from './random.ts'

/** A floor: what it is, and the encoder that is it for one action. */
export type Baseline = { readonly name: string; readonly title: string; readonly make: (options: { action: string; seed: number }) => Encoder }

/**
 * What nothing at all reaches: printed beside every result. `baseline/untrained` joins them where a run is evaluated: the run's own encoder before training.
 */
export const baselines: readonly Baseline[] = [
  { name: 'baseline/random', title: 'chance', make: ({ seed }) => random({ seed }) },
  { name: 'baseline/constant', title: 'always the middle frame', make: ({ seed }) => constant({ seed }) },
  { name: 'baseline/count', title: 'frame counter (t / T, t): sees no joint', make: () => count },
  { name: 'baseline/count-share', title: 'frame counter t / T: sees no joint', make: () => countShare },
  { name: 'baseline/coordinates', title: 'coordinates in the box of the clip', make: () => coordinates },
  { name: 'baseline/coordinates-velocity', title: 'coordinates and smoothed velocity', make: () => coordinatesVelocity },
  { name: 'baseline/event', title: 'oracle: the rule behind the pseudo labels', make: ({ action }) => event(action) },
]
