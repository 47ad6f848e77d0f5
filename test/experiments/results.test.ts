import { expect, test } from 'vitest'
import { markdownOf } from '../../experiments/table/markdown.ts'
import type { Found } from '../../experiments/table/measured.ts'
import { resultsOf } from '../../experiments/table/results.ts'
import type { Column } from '../../experiments/table/spec.ts'
import type { Document } from '../../experiments/table/document.ts'
import type { Measured } from '../../src/eval/measured.ts'
import { protocolOf } from '../../src/eval/protocol.ts'

/** The weighted mean of one number per clip. */
const meanOf = (action: string, values: readonly number[]): Measured => ({
  clips: values.map((_, at) => `${action}${at}`), groups: values.map((_, at) => `${action}${at}`), n: values.length, unit: 'clips', reason: null,
  sums: { kind: 'clips', amounts: Float64Array.from(values), weights: Float64Array.from(values, () => 1) },
})

const clips: Record<string, number[]> = { bowl: [1, 2, 3, 4, 5, 6, 7, 8], squat: [0, 2, 0, 2, 0, 2, 0, 2] }
const shift: Record<string, readonly number[]> = { ours: [1, 3], rival: [1], 'baseline/count': [0] }
const found: Found = {
  protocol: protocolOf('primary'), conditions: [{ label: 'clean' }], kinds: [{ metric: 'skill', card: 'views', better: 'higher', needs: 'nothing', settings: {} }],
  subjects: [{ label: 'ours', isFloor: false }, { label: 'rival', isFloor: false }, { label: 'baseline/count', isFloor: true }],
  at: ({ subject, action }) => shift[subject]!.map((by) => meanOf(action, clips[action]!.map((value) => value + by))),
}
const columns: readonly Column[] = [{ title: 'Skill', metric: 'skill', card: 'views', actions: ['bowl', 'squat'] }]
const results = resultsOf({ columns, rivals: ['ours'] }, ['bowl', 'squat'], found)

test('a value is the mean over actions of means over clips, and over seeds', () => {
  const of = (subject: string, action: string | null) => results.values.find((one) => one.subject === subject && one.action === action)
  expect(of('baseline/count', 'bowl')).toMatchObject({ value: 4.5, seeds: 1 })
  expect(of('baseline/count', null)).toMatchObject({ value: (4.5 + 1) / 2, clips: 16 })
  expect(of('ours', null)).toMatchObject({ value: (4.5 + 1) / 2 + 2, seeds: 2 })
})

test('differences are paired: constant where only the seed varies, and Holm counts the actions', () => {
  const of = (subject: string, against: string) => results.differences.filter((gap) => gap.subject === subject && gap.against === against)
  const [overall, ...byAction] = of('rival', 'baseline/count')
  expect(overall).toMatchObject({ action: null, holm: null })
  expect([overall!.value, overall!.low, overall!.high]).toBeAllclose([1, 1, 1])
  expect(byAction.map(({ action, p, holm }) => [action, holm! / p!])).toEqual([['bowl', 2], ['squat', 2]])
  const { value, low, high } = of('ours', 'baseline/count')[0]!
  expect([value, low, high]).toBeAllclose([2, 1, 3])
  expect(of('rival', 'ours')).toHaveLength(3)
})

test('the page shows values with intervals, and on how many actions a difference stands', () => {
  const page = markdownOf({
    name: 'made', title: 'Made', question: 'Does it?', script: 'made.ts', commit: 'abc', committed: '2026-11-22', machine: 'one core', versions: {}, part: 'test', seeds: [0, 1], draws: 1000,
    data: { dataset: 'penn-action', split: { name: 'official', hash: 'ab' }, root: 'cd' }, actions: ['bowl', 'squat'], rows: [], results, verdict: null, runs: [],
  } satisfies Document)
  expect(page).toMatch(/^\| \*\*rival\*\* \| 3\.750 \(\d\.\d{3} to \d\.\d{3}\) \|$/m)
  expect(page).toContain('| rival - baseline/count | 1.000 (1.000 to 1.000), p 0.002; 2 better, 0 worse of 2 |')
})
