import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { count } from '../../src/eval/baselines/count.ts'
import { corrupted } from '../../src/eval/corrupted.ts'
import { corruptionKind } from '../../src/eval/corruptions/index.ts'
import { evaluate } from '../../src/eval/evaluate.ts'
import { protocolOf } from '../../src/eval/protocol.ts'
import { readCurves, writeCurves } from '../../src/eval/robustness/curve-table.ts'
import { type CurvePoint, robustnessCurves } from '../../src/eval/robustness/curves.ts'
import { chooseMetrics } from '../../src/eval/take-metrics.ts'
import type { Skeleton } from '../../src/skeleton.ts'
import { clipOf, oracle } from './clips.ts'

const clips = ['pullup', 'squat'].flatMap((action) => Array.from({ length: 4 }, (_, index) =>
  clipOf(`${action}/${index}`, 24 + index, { action, place: (t, joint) => [joint * 10, joint === 0 ? 60 + Math.abs(t - 12 - index) : 120 + joint] })))
const protocol = { ...protocolOf('quick'), draws: 40 }
const metrics = ['re-cut-cycle-skill']

let skeletons: readonly Skeleton[]
let points: readonly CurvePoint[]
beforeAll(async () => {
  skeletons = entryOf(await readCatalog(), 'penn-action').skeletons
  const actions = ['pullup', 'squat'].map((action) => ({ action, train: [], test: clips.filter(({ labels }) => labels.action === action) }))
  points = await robustnessCurves(actions, { encoders: [oracle, count], kinds: ['missing', 'dropped-frames'].map(corruptionKind), metrics: chooseMetrics(metrics, protocol), protocol, skeletons })
})

const at = (change: Partial<CurvePoint>) => points.find((point) => Object.entries({ action: 'pullup', encoder: 'oracle', against: null, kind: 'missing', level: 0.5, ...change })
  .every(([key, value]) => point[key as keyof CurvePoint] === value))!

test('measures at every level of every kind what eval measures of the corrupted encoder', async () => {
  const shown = corrupted(oracle, { kind: 'missing', level: 0.5 }, { seed: protocol.seed, skeletons })
  const { measures } = await evaluate({ encoder: shown, baselines: [], train: [], test: clips.slice(0, 4), action: 'pullup', protocol, metrics })
  expect(at({})).toMatchObject({ value: measures[0]!.value, low: measures[0]!.low, high: measures[0]!.high, n: measures[0]!.n, clips: 4 })
  expect(points.filter(({ action, encoder, against, kind }) => action === 'pullup' && encoder === 'oracle' && against === null && kind === 'missing').map(({ level }) => level)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5])
})

test('a change is the difference to the clean clips, and what one encoder loses beyond another is a difference of those', () => {
  expect(at({ against: 'clean' }).value).toBeAllclose(at({}).value! - at({ level: 0 }).value!)
  expect(at({ against: 'clean' }).high).toBeLessThan(0)
  expect(at({ against: 'clean', level: 0 })).toBeUndefined()
  // a frame counter sees no joint: it loses nothing, whatever is drawn
  expect(at({ encoder: 'baseline/count', against: 'clean' })).toMatchObject({ value: 0, low: 0, high: 0 })
  expect(at({ against: 'baseline/count' })).toMatchObject({ value: at({ against: 'clean' }).value, low: at({ against: 'clean' }).low, better: 'higher' })
})

test('of several actions there is the mean, too', () => {
  const mean = (values: Partial<CurvePoint>) => (at({ ...values }).value! + at({ ...values, action: 'squat' }).value!) / 2
  expect(at({ action: 'all actions' }).value).toBeAllclose(mean({}))
  expect(at({ action: 'all actions', against: 'clean', kind: 'dropped-frames' }).value).toBeAllclose(mean({ against: 'clean', kind: 'dropped-frames' }))
})

test('curves are kept as they were measured, those of other kinds beside them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'posetta-robustness-'))
  const [one, other] = ['missing', 'dropped-frames'].map((name) => points.filter(({ kind }) => kind === name))
  await writeCurves(folder, 'run', one!)
  await writeCurves(folder, 'run', other!)
  await writeCurves(folder, 'run', other!)
  expect(await readCurves(folder)).toEqual([...one!, ...other!])
})
