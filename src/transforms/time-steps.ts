import { cut } from './cut.ts'
import { randomWindow } from './random-window.ts'
import { resample } from './resample.ts'
import { speed } from './speed.ts'
import { stepKind } from './step-kind.ts'
import { tempo } from './tempo.ts'

/** Steps that choose frames. */
export const timeSteps = {
  'resample': stepKind({
    summary: 'thins a clip longer than the window of the model evenly', source: 'own',
    defaults: ({ frames }) => ({ frames }), make: resample,
  }),
  'cut': stepKind({
    summary: 'takes a random share of frames off both ends', source: 'own; so that counting frames does not help',
    defaults: () => ({ share: 0.3 }), make: cut,
  }),
  'random-window': stepKind({
    summary: 'takes a run of frames that begins anywhere', source: 'own',
    defaults: ({ frames }) => ({ frames, hold: false }), make: randomWindow,
  }),
  'tempo': stepKind({
    summary: 'plays the clip faster or slower, frames in between interpolated', source: 'own',
    defaults: ({ frames }) => ({ factor: 1.5, fewest: 6, most: frames }), make: tempo,
  }),
  'speed': stepKind({
    summary: 'drops a random subset of frames', source: 'CASA, CVPR 2022 (`fast`)',
    defaults: () => ({ share: 0.5 }), make: speed,
  }),
} as const
