import { expect, test } from 'vitest'
import { type Cell, type Data, isRunOf, workOf } from '../../experiments/table/cell.ts'
import { trainConfig } from '../../src/jobs/train-config.ts'
import type { RunRecord } from '../../src/train/index.ts'
import { runFields } from '../train/run-fields.ts'

const cell: Cell = { model: 'la2ds', action: 'pullup', seed: 2, settings: ['profile=tiny', 'second.cut=0.2'] }
const data: Data = { dataset: 'penn-action', split: { name: 'official', hash: 'a' }, root: 'b' }
const run: RunRecord = { ...runFields, run: 'r', config: trainConfig(cell.settings) as unknown as RunRecord['config'], state: 'done' }
const { versions } = run

test('a run is of a cell whatever the order of its settings, and defaults may be said', () => {
  expect(isRunOf(cell, data, run)).toBe(true)
  expect(isRunOf({ ...cell, settings: ['second.cut=0.2', 'batch=16', 'profile=tiny'] }, data, run)).toBe(true)
})

test('a run made before an option existed has its default', () => {
  const { patience: _, ...config } = run.config
  expect(isRunOf(cell, data, { ...run, config })).toBe(true)
  expect(isRunOf({ ...cell, settings: [...cell.settings, 'patience=3'] }, data, { ...run, config })).toBe(false)
})

test.each<[string, Partial<Cell>, Partial<RunRecord>]>([
  ['setting', { settings: ['profile=tiny'] }, {}], ['seed', { seed: 1 }, {}], ['model', { model: 'gru' }, {}], ['action', { action: null }, {}],
  ['root', {}, { root: 'c' }], ['split', {}, { split: { name: 'official', hash: 'b' } }], ['plan', { plan: { filter: { action: ['pullup'] } } }, {}],
  ['start', {}, { init: { file: 'weights', sha256: 'd', names: { rules: [], skip: [], keep: [] } } }],
])('another %s is another training', (_, other, record) => {
  expect(isRunOf({ ...cell, ...other }, data, { ...run, ...record })).toBe(false)
})

test('what is done is not trained again, what was killed goes on, what is missing begins', () => {
  const killed: RunRecord = { ...run, run: 'later', state: 'running' }
  expect(workOf(cell, data, { runs: [run, killed], versions })).toEqual({ kind: 'done', run })
  expect(workOf(cell, data, { runs: [killed], versions })).toEqual({ kind: 'resume', run: killed })
  expect(workOf({ ...cell, seed: 0 }, data, { runs: [run, killed], versions })).toEqual({ kind: 'begin' })
})

test('a run of another engine is not a cell of this table', () => {
  expect(workOf(cell, data, { runs: [run], versions: { ...versions, 'onnxruntime-node': '9.9.9' } })).toEqual({ kind: 'begin' })
})
