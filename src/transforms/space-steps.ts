import { axisMask } from './axis-mask.ts'
import { blur } from './blur.ts'
import { casaNormalise } from './casa-normalise.ts'
import { centre } from './centre.ts'
import { crop } from './crop.ts'
import { dropJoints } from './drop-joints.ts'
import { fillAbsent } from './fill-absent.ts'
import { flip } from './flip.ts'
import { jitter } from './jitter.ts'
import { jointMask } from './joint-mask.ts'
import { noiseAngle } from './noise-angle.ts'
import { noiseTranslation } from './noise-translation.ts'
import { personDrop } from './person-drop.ts'
import { personSwap } from './person-swap.ts'
import { randomMove } from './random-move.ts'
import { randomRot } from './random-rot.ts'
import { randomScale } from './random-scale.ts'
import { resizedCrop } from './resized-crop.ts'
import { rotate } from './rotate.ts'
import { scale } from './scale.ts'
import { shear } from './shear.ts'
import { stepKind } from './step-kind.ts'
import { subtract } from './subtract.ts'
import { translate } from './translate.ts'

/** Steps that move joints, or make them absent. */
export const spaceSteps = {
  'crop': stepKind({
    summary: 'puts the clip into the square box around all of its joints', source: 'PoseC3D, CVPR 2022 (compact crop)',
    defaults: () => ({ padding: 0.25 }), make: crop,
  }),
  'resized-crop': stepKind({
    summary: 'takes a random part of the frame as the frame', source: 'PoseC3D, CVPR 2022 (`RandomResizedCrop`)',
    defaults: () => ({ low: 0.56, high: 1, ratio: 4 / 3, probability: 1 }), make: resizedCrop,
  }),
  'centre': stepKind({
    summary: 'shifts the clip so that the middle of the spine, or of the hips, lies in the centre', source: 'CTR-GCN, ICCV 2021',
    defaults: () => ({ at: 'first' }), make: (options, { skeleton }) => centre({ ...options, skeleton }),
  }),
  'subtract': stepKind({
    summary: 'keeps a random joint in the centre of every frame', source: 'SkateFormer, ECCV 2024',
    defaults: () => ({ probability: 0.5 }), make: subtract,
  }),
  'casa-normalise': stepKind({
    summary: 'puts the neck into the centre of every frame and gives the spine one length, in space one direction too', source: 'CASA, CVPR 2022',
    defaults: () => ({ spine: 100, spines: 6, turn: false }), make: (options, { skeleton }) => casaNormalise({ ...options, skeleton }),
  }),
  'fill-absent': stepKind({
    summary: 'puts absent joints on the line in time between the frames that have them', source: 'own',
    defaults: () => ({ confidence: 0.5 }), make: fillAbsent,
  }),
  'flip': stepKind({
    summary: 'mirrors the clip and swaps left and right joints', source: 'PoseC3D, CVPR 2022',
    defaults: () => ({ swap: true, probability: 0.5 }), make: (options, { skeleton }) => flip({ ...options, skeleton }),
  }),
  'rotate': stepKind({
    summary: 'turns the clip about the centre of its box', source: 'own',
    defaults: () => ({ degrees: 15, probability: 1 }), make: rotate,
  }),
  'random-rot': stepKind({
    summary: 'turns the clip in the plane, or in space about the three axes', source: 'CTR-GCN, ICCV 2021',
    defaults: () => ({ radians: 0.3, probability: 1 }), make: randomRot,
  }),
  'scale': stepKind({
    summary: 'grows or shrinks the clip about the centre of its box', source: 'own',
    defaults: () => ({ low: 0.8, high: 1.2, probability: 1 }), make: scale,
  }),
  'random-scale': stepKind({
    summary: 'grows or shrinks the clip along each axis by a factor of its own', source: 'PYSKL, ACM MM 2022; SkateFormer, ECCV 2024',
    defaults: () => ({ amount: 0.2, probability: 1 }), make: randomScale,
  }),
  'translate': stepKind({
    summary: 'shifts the clip by a share of its box', source: 'own',
    defaults: () => ({ share: 0.1, probability: 1 }), make: translate,
  }),
  'shear': stepKind({
    summary: 'adds shares of the other coordinates to each coordinate', source: 'AimCLR, AAAI 2022; SkateFormer, ECCV 2024; HaLP, CVPR 2023',
    defaults: () => ({ amount: 0.5, probability: 0.5 }), make: shear,
  }),
  'random-move': stepKind({
    summary: 'turns, scales and shifts the clip more and more from its first to its last frame', source: 'ST-GCN, AAAI 2018',
    defaults: () => ({ degrees: 10, factor: 0.1, share: 0.2, probability: 1 }), make: randomMove,
  }),
  'noise-angle': stepKind({
    summary: 'bends limbs by noise that changes slowly', source: 'CASA, CVPR 2022 (whose code never adds it)',
    defaults: () => ({ variance: 10, window: 10, applied: true, probability: 0.3 }), make: (options, { skeleton }) => noiseAngle({ ...options, skeleton }),
  }),
  'noise-translation': stepKind({
    summary: 'adds normal noise to every joint and frame, in spine lengths', source: 'CASA, CVPR 2022 (`noise_translation`)',
    defaults: () => ({ deviation: 0.1, probability: 0.3 }), make: (options, { skeleton }) => noiseTranslation({ ...options, skeleton }),
  }),
  'jitter': stepKind({
    summary: 'adds normal noise to every joint and frame, in shares of the box', source: 'own, after CASA and the Gaussian noise of AimCLR',
    defaults: () => ({ share: 0.02, probability: 0.3 }), make: jitter,
  }),
  'blur': stepKind({
    summary: 'smooths the path of every joint over time', source: 'AimCLR, AAAI 2022; SkateFormer, ECCV 2024',
    defaults: () => ({ low: 0.1, high: 2, radius: 7, probability: 0.5 }), make: blur,
  }),
  'axis-mask': stepKind({
    summary: 'flattens the clip along a random axis', source: 'AimCLR, AAAI 2022; SkateFormer, ECCV 2024',
    defaults: () => ({ probability: 0.5 }), make: axisMask,
  }),
  'joint-mask': stepKind({
    summary: 'makes a fixed share of the joints absent', source: 'HaLP, CVPR 2023; SkateFormer, ECCV 2024',
    defaults: () => ({ share: 0.6, frames: 1, probability: 0.5 }), make: jointMask,
  }),
  'drop-joints': stepKind({
    summary: 'makes joints absent, in the whole clip or in a run of frames', source: 'own',
    defaults: () => ({ share: 0.1, probability: 0.3 }), make: dropJoints,
  }),
  'person-swap': stepKind({
    summary: 'puts the persons into another order', source: 'SkateFormer, ECCV 2024',
    defaults: () => ({ probability: 0.5 }), make: personSwap,
  }),
  'person-drop': stepKind({
    summary: 'makes one person of several absent', source: 'SkateFormer, ECCV 2024',
    defaults: () => ({ probability: 0.5 }), make: personDrop,
  }),
} as const
