import type { Step } from './steps.ts'

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
  cut: 0.45, tempo: 1.5, speed: 0,
  flip: { probability: 0 },
  rotate: { degrees: 15, probability: 0 },
  scale: { low: 0.8, high: 1.2, probability: 0 },
  translate: { share: 0.1, probability: 0 },
  jitter: { share: 0.02, probability: 0 },
  dropJoints: { share: 0.1, probability: 0 },
}

/** The second view: everything. */
export const full: Augmentation = {
  cut: 0.45, tempo: 1.5, speed: 0.5,
  flip: { probability: 0.5 },
  rotate: { degrees: 15, probability: 0.5 },
  scale: { low: 0.8, high: 1.2, probability: 0.5 },
  translate: { share: 0.1, probability: 0.5 },
  jitter: { share: 0.02, probability: 0.3 },
  dropJoints: { share: 0.1, probability: 0.3 },
}

/** The steps of an augmentation: time first, then the box of what is left, then space. A part that is switched off keeps its position. */
export function augmentationSteps({ cut, tempo, speed, ...space }: Augmentation, { padding = 0.25 }: { padding?: number } = {}): readonly Step[] {
  return [
    { name: 'resample' },
    { name: 'cut', share: cut },
    { name: 'tempo', factor: tempo },
    { name: 'speed', share: speed },
    { name: 'crop', padding },
    { name: 'flip', ...space.flip },
    { name: 'rotate', ...space.rotate },
    { name: 'scale', ...space.scale },
    { name: 'translate', ...space.translate },
    { name: 'jitter', ...space.jitter },
    { name: 'drop-joints', ...space.dropJoints },
  ]
}
