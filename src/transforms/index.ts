import type { Options } from './step-kind.ts'
import { describeStep, stepNames } from './steps.ts'

export { moved } from './affine.ts'
export { limbsOf } from './anatomy.ts'
export { type Augmentation, augmentationSteps, cutOnly, full } from './augmentation.ts'
export { chain } from './chain.ts'
export { type CoordinatesSpec, coordinatesShape, setCoordinates } from './coordinates.ts'
export { crop, type Square, squareOf } from './crop.ts'
export { cut, window } from './cut.ts'
export { dropJoints, withoutPoints } from './drop-joints.ts'
export { flip, mirrored } from './flip.ts'
export { createHeatmapKernel, drawHeatmaps, type HeatmapKernel, threadKernel } from './heatmap-kernel.ts'
export { setGridPoints } from './grid-points.ts'
export { heatmapShape, type HeatmapSpec } from './heatmap-spec.ts'
export { jitter, jittered } from './jitter.ts'
export { randomWindow } from './random-window.ts'
export { evenFrames, resample, resampleAt } from './resample.ts'
export { type Preset, type PresetName, presetOf, presets } from './presets.ts'
export { rotate, rotated } from './rotate.ts'
export { scale, scaled } from './scale.ts'
export { selectFrames } from './select-frames.ts'
export { speed } from './speed.ts'
export { both, type Move } from './moving.ts'
export { chainOf, moversOf, type Step, type StepName } from './steps.ts'
export { type StreamSpec, streams, streamsShape } from './streams.ts'
export { subset } from './subset.ts'
export { tempo } from './tempo.ts'
export type { Transform } from './transform.ts'
export { translate, translated } from './translate.ts'

/** What `posetta transforms` lists: every step, with its options and their defaults for views of 64 frames, and what turns a clip into tensors. */
export const transforms: readonly Listed[] = [
  ...stepNames.map((name) => ({ name, ...describeStep(name, { frames: 64 }) })),
  { name: 'streams', summary: 'joints, bones, skips and their motions as numbers, of the body or a part of it', source: 'PYSKL, ACM MM 2022; PSUMNet, ECCV-W 2022; BRL, 2024', options: {} },
  { name: 'coordinates', summary: 'joints as numbers from the centre of the frame, with what is absent marked and filled in', source: 'own', options: {} },
  { name: 'heatmaps', summary: 'draws joints and limbs as Gaussian maps', source: 'PoseC3D, CVPR 2022', options: {} },
]

type Listed = { readonly name: string; readonly summary: string; readonly source: string; readonly options: Options }
