import { trainDefaults } from '../../src/jobs/train-config.ts'
import type { Row } from './spec.ts'

/** What is changed, and the settings that change it. */
const CHANGES: Readonly<Record<string, readonly string[]>> = {
  'default': [],
  'no cut in time': ['first.cut=0', 'second.cut=0'],
  'no tempo': ['first.tempo=1', 'second.tempo=1'],
  'no dropped frames': ['second.speed=0'],
  'no flip': ['second.flip.probability=0'],
  'no rotation': ['second.rotate.probability=0'],
  'no scale': ['second.scale.probability=0'],
  'no shift': ['second.translate.probability=0'],
  'no jitter': ['second.jitter.probability=0'],
  'no dropped joints': ['second.dropJoints.probability=0'],
  'no augmentation in space': ['flip', 'rotate', 'scale', 'translate', 'jitter', 'dropJoints'].map((part) => `second.${part}.probability=0`),
  'no positions in time': ['position=none'],
  'positions counted': ['position=index'],
  'positions counted from 0': ['position=index', 'latestStart=0'],
  'positions rescaled': ['position=rescaled'],
  'positions learned': ['position=learned'],
  'positions relative': ['position=relative'],
  'positions by convolution': ['position=convolution'],
  'joints only': ['channels=joint'],
  'limbs only': ['channels=limb'],
  'mean of tokens': ['readout=token-mean'],
  'heatmaps of 32 px': ['heatmap.size=32', 'heatmap.sigma=3'],
  'heatmaps of 32 px, narrow': ['heatmap.size=32', 'heatmap.sigma=1'],
  'width 32': ['width=32'],
  '1 spatial layer': ['spatialLayers=1'],
  '2 temporal layers': ['temporalLayers=2'],
  'half the epochs': [`epochs=${trainDefaults.epochs / 2}`],
  'no moving average': ['average.kind=none'],
  'long clips in windows': ['longClips=windows'],
  'long clips at their length': ['longClips=own-length'],
}

/** LA2DS with one choice made otherwise, the default first. */
export const ablationRows: readonly Row[] = Object.entries(CHANGES).map(([label, settings]) => ({ label, model: 'la2ds', settings }))
