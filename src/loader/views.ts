import {
  chain, crop, cut, dropJoints, flip, jitter, resample, rotate, scale, speed, tempo, type Transform, translate,
} from '../transforms/index.ts'
import type { InputSpec } from './embedding-batch.ts'

/** The ranges of a view's augmentation. A share or a probability of 0 switches its part off. */
export type Augmentation = {
  /** Largest share of frames taken off each end. */
  readonly cut: number
  /** Largest factor by which a view is played faster or slower; 1 = as it is. */
  readonly tempo: number
  /** Largest share of frames dropped in between. */
  readonly speed: number
  readonly flip: { readonly probability: number }
  readonly rotate: { readonly degrees: number; readonly probability: number }
  readonly scale: { readonly low: number; readonly high: number; readonly probability: number }
  /** Largest shift as a share of the box. */
  readonly translate: { readonly share: number; readonly probability: number }
  /** Deviation as a share of the box. */
  readonly jitter: { readonly share: number; readonly probability: number }
  /** Chance of each joint, once joints are dropped at all. */
  readonly dropJoints: { readonly share: number; readonly probability: number }
}

/** The first view: another cut and tempo, nothing else. */
export const cutOnly: Augmentation = {
  cut: 0.3, tempo: 1.5, speed: 0,
  flip: { probability: 0 },
  rotate: { degrees: 15, probability: 0 },
  scale: { low: 0.8, high: 1.2, probability: 0 },
  translate: { share: 0.1, probability: 0 },
  jitter: { share: 0.02, probability: 0 },
  dropJoints: { share: 0.1, probability: 0 },
}

/** The second view: everything. */
export const full: Augmentation = {
  cut: 0.3, tempo: 1.5, speed: 0.5,
  flip: { probability: 0.5 },
  rotate: { degrees: 15, probability: 0.5 },
  scale: { low: 0.8, high: 1.2, probability: 0.5 },
  translate: { share: 0.1, probability: 0.5 },
  jitter: { share: 0.02, probability: 0.3 },
  dropJoints: { share: 0.1, probability: 0.3 },
}

/** The order of augmentation: time first, then the box of what is left, then space. */
export function viewOf(augmentation: Augmentation, { heatmaps: { skeleton }, frames, padding = 0.25 }: InputSpec): Transform {
  return chain({
    resample: resample({ frames }),
    cut: cut({ share: augmentation.cut }),
    tempo: tempo({ factor: augmentation.tempo, most: frames }),
    speed: speed({ share: augmentation.speed }),
    crop: crop({ padding }),
    flip: flip({ skeleton, ...augmentation.flip }),
    rotate: rotate(augmentation.rotate),
    scale: scale(augmentation.scale),
    translate: translate(augmentation.translate),
    jitter: jitter(augmentation.jitter),
    'drop-joints': dropJoints(augmentation.dropJoints),
  })
}
