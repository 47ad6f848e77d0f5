import { crop } from './crop.ts'
import { dropJoints } from './drop-joints.ts'
import { flip } from './flip.ts'
import { jitter } from './jitter.ts'
import { rotate } from './rotate.ts'
import { scale } from './scale.ts'
import { stepKind } from './step-kind.ts'
import { translate } from './translate.ts'

/** Steps that move joints, or make them absent. */
export const spaceSteps = {
  'crop': stepKind({
    summary: 'puts the clip into the square box around all of its joints', source: 'PoseC3D, CVPR 2022',
    defaults: () => ({ padding: 0.25 }), make: crop,
  }),
  'flip': stepKind({
    summary: 'mirrors the clip and swaps left and right joints', source: 'PoseC3D, CVPR 2022',
    defaults: () => ({ probability: 0.5 }), make: (options, { skeleton }) => flip({ ...options, skeleton }),
  }),
  'rotate': stepKind({
    summary: 'turns the clip about the centre of its box', source: 'own',
    defaults: () => ({ degrees: 15, probability: 1 }), make: rotate,
  }),
  'scale': stepKind({
    summary: 'grows or shrinks the clip about the centre of its box', source: 'own',
    defaults: () => ({ low: 0.8, high: 1.2, probability: 1 }), make: scale,
  }),
  'translate': stepKind({
    summary: 'shifts the clip by a share of its box', source: 'own',
    defaults: () => ({ share: 0.1, probability: 1 }), make: translate,
  }),
  'jitter': stepKind({
    summary: 'adds normal noise to every joint and frame', source: 'CASA, CVPR 2022 (`noise_translation`)',
    defaults: () => ({ share: 0.02, probability: 0.3 }), make: jitter,
  }),
  'drop-joints': stepKind({
    summary: 'makes joints absent, in the whole clip or in a run of frames', source: 'own',
    defaults: () => ({ share: 0.1, probability: 0.3 }), make: dropJoints,
  }),
} as const
