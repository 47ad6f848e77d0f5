import { expect, test } from 'vitest'
import type { Measure } from '../../src/eval/evaluate.ts'
import { protocolOf } from '../../src/eval/protocol.ts'
import type { ReportRun } from '../../src/eval/report/report-data.ts'
import { likeGroups, warningsOf } from '../../src/eval/report/warnings.ts'
import { scopeWarning } from '../../src/eval/unlike.ts'

const measure = (other: Partial<Measure> = {}): Measure => ({
  metric: 'kendall-tau', protocol: 'primary', action: 'squat', card: 'whole', encoder: 'la2ds', labels: 'none', better: 'higher', headline: false, n: 6, unit: 'pairs', clips: 3,
  value: 0.5, low: 0.4, high: 0.6, reason: null, settings: { stride: 2 }, ...other,
})
const reported = (run: string, other: Partial<ReportRun> = {}): ReportRun => ({
  run, model: 'la2ds', action: 'squat', seed: 0, device: 'cpu', steps: 1, seconds: 1, started: '', state: 'done', split: { name: 'official', hash: 'ab'.repeat(32) }, root: 'cd'.repeat(32),
  scope: 'one model per action', clips: { train: 1, validation: 0, test: 3 }, sources: [], best: null, config: {}, versions: {}, loss: [], validation: [], comparisons: [], probes: [], robustness: [],
  alignment: null, measures: [measure()], ...other,
})

test('runs on one footing share a table and give no warning', () => {
  const runs = [reported('a'), reported('b', { seed: 1 })]
  expect([warningsOf(runs), likeGroups(runs).map((group) => group.map(({ run }) => run))]).toEqual([[], [['a', 'b']]])
})

test.each<[string, Partial<ReportRun>, string]>([
  ['another split', { split: { name: 'mine', hash: '12'.repeat(32) } }, 'split official abababababab and split mine 121212121212'],
  ['another data root', { root: '34'.repeat(32) }, 'data root cdcdcdcdcdcd and 343434343434'],
  ['one model for all actions', { scope: 'one model for all actions' }, 'one model per action and one model for all actions'],
])('a run of %s stands in a table of its own, and the warning names it', (_, other, clause) => {
  const runs = [reported('a'), reported('b', other)]
  expect(warningsOf(runs)).toEqual([`runs a and b are not alike: ${clause}. They stand in tables of their own`])
  expect(likeGroups(runs).length).toBe(2)
})

test.each<[string, Partial<Measure>, string]>([
  ['other labels', { labels: 'annotated' }, 'kendall-tau (primary, whole) of runs a and b stands on none and on annotated labels'],
  ['other settings', { settings: { stride: 5 } }, 'kendall-tau (primary, whole) of runs a and b was taken with other settings: stride 2 and 5'],
  ['no protocol in common', { protocol: 'tcc' }, 'runs a (primary) and b (tcc) share no measure of squat: nothing of them is to be compared'],
])('a measure with %s is named', (_, other, warning) => {
  expect(warningsOf([reported('a'), reported('b', { measures: [measure(other)] })])).toEqual([warning])
})

test('a run of the other kind than the protocol says so; embeddings that were given are of no known kind', () => {
  const warning = 'run a is of one model per action, figures under protocol carl are of one model for all actions'
  expect(scopeWarning({ run: 'a', scope: 'one model per action' }, protocolOf('carl'))).toEqual([warning])
  expect(warningsOf([reported('a', { measures: [measure({ protocol: 'carl+missing=0.2' })] })])).toEqual([warning])
  expect(scopeWarning({ run: 'a', scope: null }, protocolOf('carl'))).toEqual([])
})
