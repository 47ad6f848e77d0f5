import type { RunRecord } from '../../src/train/index.ts'

/** All of a run's record but its name. */
export const runFields: Omit<RunRecord, 'run'> = {
  format: 1, model: 'la2ds', dataset: 'penn-action', split: { name: 'official', hash: 'a' }, root: 'b', commit: 'c', action: 'pullup',
  seed: 2, epochs: 3, device: 'cpu', threads: 2,
  config: { batch: 16 }, plan: {}, onBad: { policy: 'fail', most: 100 }, replaced: [], init: null, frames: 64, clips: { train: 8, validation: 2, leftOut: 1 }, versions: { posetta: '0.1.0' }, machine: null,
  started: '2026-11-21T05:52:31.123Z', ended: null, state: 'running', steps: 0, seconds: 0, best: null, stopped: null, checkpoint: null,
}
