export { moved } from './affine.ts'
export { chain } from './chain.ts'
export { crop, type Square, squareOf } from './crop.ts'
export { cut, window } from './cut.ts'
export { dropJoints, withoutPoints } from './drop-joints.ts'
export { flip, mirrored } from './flip.ts'
export { heatmaps } from './heatmaps.ts'
export { heatmapShape, type HeatmapSpec } from './heatmap-spec.ts'
export { jitter, jittered } from './jitter.ts'
export { evenFrames, resample, resampleAt } from './resample.ts'
export { rotate, rotated } from './rotate.ts'
export { scale, scaled } from './scale.ts'
export { selectFrames } from './select-frames.ts'
export { speed } from './speed.ts'
export { tempo } from './tempo.ts'
export type { Transform } from './transform.ts'
export { translate, translated } from './translate.ts'

/** What `posetta transforms` lists, in the order in which they are applied. */
export const transforms = [
  { name: 'resample', summary: 'thins a clip longer than the window of the model evenly', source: 'own' },
  { name: 'cut', summary: 'takes a random share of frames off both ends', source: 'own; so that counting frames does not help' },
  { name: 'tempo', summary: 'plays the clip faster or slower, frames in between interpolated', source: 'own' },
  { name: 'speed', summary: 'drops a random subset of frames', source: 'CASA, CVPR 2022 (`fast`)' },
  { name: 'crop', summary: 'puts the clip into the square box around all of its joints', source: 'PoseC3D, CVPR 2022' },
  { name: 'flip', summary: 'mirrors the clip and swaps left and right joints', source: 'PoseC3D, CVPR 2022' },
  { name: 'rotate', summary: 'turns the clip about the centre of its box', source: 'own' },
  { name: 'scale', summary: 'grows or shrinks the clip about the centre of its box', source: 'own' },
  { name: 'translate', summary: 'shifts the clip by a share of its box', source: 'own' },
  { name: 'jitter', summary: 'adds normal noise to every joint and frame', source: 'CASA, CVPR 2022 (`noise_translation`)' },
  { name: 'drop-joints', summary: 'makes joints absent, in the whole clip or in a run of frames', source: 'own' },
  { name: 'heatmaps', summary: 'draws joints and limbs as Gaussian maps', source: 'PoseC3D, CVPR 2022' },
] as const
