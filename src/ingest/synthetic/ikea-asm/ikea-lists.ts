import { cameraOf, devices } from './ikea-camera.ts'
import { classes, deeds, nameOf } from './ikea-classes.ts'
import { writeGtAction } from './ikea-gt-action.ts'
import { json, type RawOut } from './ikea-pose-files.ts'
import type { IkeaScan, IkeaTruth } from './ikea-truth.ts'

/** What lies beside the scans: lists of scans and classes, segments, labels by frame, and the calibration of the scenes in use. */
export function listFiles({ scans, seed }: IkeaTruth): RawOut[] {
  const [train, test] = (['train', 'test'] as const).map((side) => scans.filter((scan) => scan.side === side)) as [IkeaScan[], IkeaScan[]]
  const scenes = [...new Set(scans.map(({ scene }) => scene))]
  return [
    ['indexing_files/train_cross_env.txt', lines(train.map(({ path }) => path))],
    ['indexing_files/test_cross_env.txt', lines(test.map(({ path }) => path))],
    ['indexing_files/atomic_action_list.txt', lines(deeds.map(nameOf))],
    ['indexing_files/action_object_relation_list.txt', lines(deeds.map((deed) => deed.join(' ')))],
    ['gt_segments.json', json({ version: 'VERSION 1.3', database: Object.fromEntries([...test, ...train].map((scan) => [scan.path, segments(scan)])) })],
    ['gt_action.npy', writeGtAction([...test, ...train])],
    ...scenes.flatMap((scene) => devices.map((device): RawOut => {
      const { k, r, t } = cameraOf(seed, scene, device)
      const parameters = { K: rows(k), dist_coefs: [[0, 0, 0, 0, 0]], R: rows(r), T: t.map((value) => [value]) }
      return [`Calibration/${String(scene).padStart(2, '0')}/${device}/camera_parameters.json`, json(parameters)]
    })),
  ]
}

/** Runs of one label, both ends included; as published, those of a single frame are left out. */
function segments({ side, labels }: IkeaScan): unknown {
  const starts = [...labels.keys()].filter((frame) => frame === 0 || labels[frame] !== labels[frame - 1])
  const runs = starts.map((start, at) => ({ label: classes[labels[start]!]!, segment: [start, (starts[at + 1] ?? labels.length) - 1] as const }))
  return { subset: side === 'train' ? 'training' : 'testing', annotation: runs.filter(({ segment: [start, end] }) => end > start) }
}

function lines(values: readonly string[]): Uint8Array {
  return Buffer.from(values.map((value) => `${value}\n`).join(''))
}

function rows(matrix: readonly number[]): number[][] {
  return [0, 3, 6].map((from) => matrix.slice(from, from + 3))
}
