import { unknownName } from '../errors.ts'
import { augmentationSteps, cutOnly, full } from './augmentation.ts'
import type { Step } from './steps.ts'

/** A method's views of one clip, as steps. */
export type Preset = {
  readonly summary: string
  readonly source: string
  /** One list of steps per view. */
  readonly views: readonly (readonly Step[])[]
}

/** Named views. What they leave open (T, the skeleton) follows from the context of `chainOf`. */
export const presets = {
  la2ds: {
    summary: 'two views of a clip: both cut and at another tempo, the second with everything', source: 'own, after CASA; what `train` uses',
    views: [augmentationSteps(cutOnly), augmentationSteps(full)],
  },
  casa: {
    summary: 'the clip and an augmented copy, normalised', source: 'CASA, CVPR 2022, for Penn Action',
    views: [
      [{ name: 'resample' }, { name: 'casa-normalise' }],
      [
        { name: 'resample' }, { name: 'speed', share: 0.5 }, { name: 'noise-angle', applied: false, probability: 0.3 }, { name: 'flip', probability: 0.3 },
        { name: 'casa-normalise' }, { name: 'noise-translation', deviation: 0.1, probability: 0.3 },
      ],
    ],
  },
  'casa-ikea': {
    summary: 'the clip and a copy with frames left out, normalised', source: 'CASA, CVPR 2022, for IKEA ASM',
    views: [[{ name: 'resample' }, { name: 'casa-normalise' }], [{ name: 'resample' }, { name: 'speed', share: 0.5 }, { name: 'casa-normalise' }]],
  },
  carl: {
    summary: 'two views: random moments of a block, a random part of the frame, mirrored at random', source: 'CARL, CVPR 2022, for Penn Action',
    views: [carlView(), carlView()],
  },
  tcc: {
    summary: '20 random frames, each with one of its past', source: 'TCC, CVPR 2019; GTA, CVPR 2021',
    views: [[{ name: 'offset-uniform', frames: 20, offset: 1, context: 2, stride: 15 }, { name: 'crop' }, { name: 'flip', probability: 0.5 }]],
  },
  tcn: {
    summary: '20 pairs of a positive and its anchor, each with a frame of its past', source: 'TCN, ICRA 2018, as in TCC',
    views: [[{ name: 'anchors-and-positives', frames: 20, offset: 1, reach: 5, context: 2, stride: 15 }, { name: 'crop' }, { name: 'flip', probability: 0.5 }]],
  },
  lav: {
    summary: '20 frames, one of each segment, each with one of its past', source: 'LAV, CVPR 2021',
    views: [[{ name: 'segment-uniform', frames: 20, context: 2, stride: 15, overflow: 'repeat' }, { name: 'crop' }, { name: 'flip', probability: 0.5 }]],
  },
  pyskl: {
    summary: '48 frames, one of each segment, compact crop, random part of it, mirrored at random', source: 'PoseC3D, CVPR 2022',
    views: [[
      { name: 'uniform-sample', frames: 48 }, { name: 'crop', padding: 0.25 }, { name: 'resized-crop', low: 0.56, high: 1 }, { name: 'flip', probability: 0.5 },
    ]],
  },
  ctrgcn: {
    summary: 'centred, a random part interpolated to 64 frames, turned at random', source: 'CTR-GCN, ICCV 2021; HD-GCN, ICCV 2023',
    views: [[{ name: 'centre', at: 'first' }, { name: 'crop-resize', low: 0.5, high: 1, fewest: 64, frames: 64 }, { name: 'random-rot', radians: 0.3 }]],
  },
  none: {
    summary: 'the clip as it is, thinned to T frames, in its box', source: 'own; what is evaluated',
    views: [[{ name: 'resample' }, { name: 'crop' }]],
  },
} as const satisfies Readonly<Record<string, Preset>>

export type PresetName = keyof typeof presets

/** A preset by its name. Throws E_PRESET_UNKNOWN. */
export function presetOf(name: string): Preset {
  if (Object.hasOwn(presets, name)) return presets[name as PresetName]
  throw unknownName('E_PRESET_UNKNOWN', 'preset', name, Object.keys(presets))
}

/** CARL crops frames to areas of .8 to 1; of colours a skeleton has none. */
function carlView(): readonly Step[] {
  return [{ name: 'time-augment', frames: 80, region: 1.5 }, { name: 'resample' }, { name: 'crop' }, { name: 'resized-crop', low: 0.8, high: 1 }, { name: 'flip', probability: 0.5 }]
}
