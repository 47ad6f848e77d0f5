/**
 * Table (e): LA2DS without each of its augmentations, and with each choice of architecture made otherwise, one at a time. Always on the part of train that is kept for validation: what it says may
 * become a default, and the test side is not read.
 * node --input-type=module -e "await (await import('vite')).runnerImport('./experiments/ablation.ts')" STORE RUNS
 */
import { trainDefaults } from '../src/jobs/train-config.ts'
import { alignmentColumns } from './table/columns.ts'
import { PENN_ACTIONS, type Row } from './table/spec.ts'
import { makeTable } from './table/table.ts'

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
const rows = Object.entries(CHANGES).map(([label, settings]): Row => ({ label, model: 'la2ds', settings }))

await makeTable({
  name: 'ablation', title: 'LA2DS, one choice at a time',
  question: `What does each augmentation and each choice of architecture bring? Measured on the validation part of train, on which the kept parameters were chosen too: values are a little high, differences fair.
Every row is compared with the default.`,
  rows, columns: alignmentColumns, actions: PENN_ACTIONS, rivals: ['default'], floors: ['baseline/coordinates-velocity'], metrics: ['re-cut-cycle-skill', 'event-transfer-error'],
}, 'ablation.ts', [...process.argv.slice(1), '--validation'])
