import { anchorsAndPositives } from './anchors-and-positives.ts'
import { cropResize } from './crop-resize.ts'
import { cut } from './cut.ts'
import { offsetUniform } from './offset-uniform.ts'
import { randomWindow } from './random-window.ts'
import { resample } from './resample.ts'
import { segmentUniform } from './segment-uniform.ts'
import { slow } from './slow.ts'
import { speed } from './speed.ts'
import { stepKind } from './step-kind.ts'
import { strideAll } from './stride-all.ts'
import { tempo } from './tempo.ts'
import { temporalFlip } from './temporal-flip.ts'
import { timeAugment } from './time-augment.ts'
import { uniformSample } from './uniform-sample.ts'

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
  'slow': stepKind({
    summary: 'puts a frame halfway to the next after a random subset of frames', source: 'CASA, CVPR 2022 (`slow`)',
    defaults: ({ frames }) => ({ share: 0.5, most: frames }), make: slow,
  }),
  'offset-uniform': stepKind({
    summary: 'a random subset of frames, each with frames of its past', source: 'TCC, CVPR 2019; GTA, CVPR 2021',
    defaults: () => ({ frames: 20, offset: 1, context: 2, stride: 15 }), make: offsetUniform,
  }),
  'stride-all': stepKind({
    summary: 'every n-th frame, each with frames of its past', source: 'TCC, CVPR 2019; GTA, CVPR 2021',
    defaults: () => ({ every: 1, context: 2, stride: 15 }), make: strideAll,
  }),
  'anchors-and-positives': stepKind({
    summary: 'random frames, each after one of the few before it', source: 'TCN, ICRA 2018, as in TCC',
    defaults: () => ({ frames: 20, offset: 1, reach: 5, context: 2, stride: 15 }), make: anchorsAndPositives,
  }),
  'segment-uniform': stepKind({
    summary: 'one random frame of each equal segment, each with frames of its past', source: 'LAV, CVPR 2021; VAOT, ICCV 2025',
    defaults: () => ({ frames: 20, context: 2, stride: 15, overflow: 'repeat' }), make: segmentUniform,
  }),
  'time-augment': stepKind({
    summary: 'a random subset of the moments of a block that may be longer than the clip', source: 'CARL, CVPR 2022',
    defaults: () => ({ frames: 80, region: 1.5 }), make: timeAugment,
  }),
  'uniform-sample': stepKind({
    summary: 'one frame of each equal segment: random, central or fixed for testing', source: 'PoseC3D, CVPR 2022 (`UniformSample`)',
    defaults: () => ({ frames: 48, choose: 'random', clip: 0, clips: 10, low: 1, high: 1 }), make: uniformSample,
  }),
  'crop-resize': stepKind({
    summary: 'a random part of the clip, interpolated to a fixed number of frames', source: 'CTR-GCN, ICCV 2021 (`valid_crop_resize`)',
    defaults: ({ frames }) => ({ low: 0.5, high: 1, fewest: 64, frames }), make: cropResize,
  }),
  'temporal-flip': stepKind({
    summary: 'plays the clip backwards', source: 'AimCLR, AAAI 2022; SkateFormer, ECCV 2024',
    defaults: () => ({ probability: 0.5 }), make: temporalFlip,
  }),
} as const
