import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import type { Measure } from '../../src/eval/evaluate.ts'
import { measureText } from '../../src/cli/measure-text.ts'
import { readProbes } from '../../src/eval/probes/probe-table.ts'
import { readMeasures } from '../../src/eval/run-tables.ts'
import { evalJob, type EvalResult } from '../../src/jobs/eval.ts'
import { reportJob } from '../../src/jobs/report.ts'
import { trainJob } from '../../src/jobs/train.ts'
import { hashSides } from '../../src/split.ts'
import { readManifest, writeClips, writeSplit } from '../../src/store/index.ts'
import { clipOf } from '../eval/clips.ts'

let folder: string
let places: { storeDir: string; runsDir: string }
let run: string
let result: EvalResult

/** Pullups at different times and squats beside them, six to train and four to test each. */
const made = ['pullup', 'squat'].flatMap((action) => Array.from({ length: 10 }, (_, index) => {
  const clip = clipOf(`penn-action/${action === 'pullup' ? 1 : 2}${String(index).padStart(3, '0')}`, 24 + index, {
    action, place: (t, joint) => [60 + joint * 5, (joint === 0 ? 60 : 90 + 4 * joint) + 2 * Math.abs(t - 10 - index / 2)],
  })
  return { ...clip, dataset: 'penn-action', files: [{ path: `labels/${clip.id.slice(-4)}.mat`, bytes: 100, sha256: 'ab'.repeat(32), role: 'label' as const, frame: null, place: null }] }
}))

const request = () => ({
  ...places, model: 'la2ds', dataset: 'penn-action', split: 'official', action: 'pullup', seed: 0, device: 'cpu', threads: 1,
  settings: ['profile=tiny', 'epochs=1', 'batch=2', 'frames=16', 'validation=0'],
})

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posetta-eval-'))
  places = { storeDir: join(folder, 'store'), runsDir: join(folder, 'runs') }
  const entry = entryOf(await readCatalog(), 'penn-action')
  await writeClips({ storeDir: places.storeDir, dataset: 'penn-action', skeletons: entry.skeletons, clips: made })
  const ids = (first: number, end: number) => made.filter((_, index) => index % 10 >= first && index % 10 < end).map(({ id }) => id)
  const sides = { train: ids(0, 6), test: ids(6, 10) }
  await writeSplit(places.storeDir, { name: 'official', dataset: 'penn-action', query: 'made', groupKey: 'group_id', seed: 0, salt: '0', sides, hash: hashSides(sides) },
    (await readManifest(places.storeDir, 'penn-action')).root)
  run = (await trainJob(request(), { now: () => 1_764_000_000_000 })).run
  result = await evalJob({ ...places, run: 'latest', protocol: 'quick' })
})

const named = (measures: readonly Measure[], metric: string,
  card = 'views') => measures.filter((measure) => measure.metric === metric && measure.card === card).map(({ encoder }) => encoder)

test('measures the run and every floor, the untrained encoder among them, on test clips of its action', () => {
  expect(named(result.measures, 're-cut-cycle-skill')).toEqual([
    'la2ds', 'baseline/random', 'baseline/constant', 'baseline/count', 'baseline/count-share', 'baseline/coordinates', 'baseline/coordinates-velocity',
    'baseline/event', 'baseline/untrained',
  ])
  expect(new Set(result.measures.map(({ action, clips }) => `${action} ${clips}`))).toEqual(new Set(['pullup 4']))
})

test('keeps measures and embeddings in the folder of the run, atomically', async () => {
  expect((await readdir(join(places.runsDir, run))).sort()).toEqual(['checkpoint.safetensors', 'embeddings.parquet', 'evaluations.json', 'items.parquet', 'log.jsonl', 'measures.parquet',
    'probes.parquet', 'run.json', 'timing.jsonl', 'training.parquet'])
  expect(await readMeasures(join(places.runsDir, run))).toEqual({ measures: result.measures, comparisons: result.comparisons })
})

test('another protocol or a corruption adds its measures to those there', async () => {
  const noisy = await evalJob({ ...places, run, protocol: 'quick', metrics: ['kendall-tau'], corrupt: 'missing=0.5' })
  expect(noisy.measures[0]!.protocol).toBe('quick+missing=0.5')
  expect((await readMeasures(join(places.runsDir, run)))!.measures.length).toBe(result.measures.length + noisy.measures.length)
  const clean = result.measures.find(({ metric, encoder }) => metric === 'kendall-tau' && encoder === 'baseline/event')!
  expect(noisy.measures.find(({ encoder }) => encoder === 'baseline/event')!.value).toBeLessThan(clean.value!)
})

test('names an encoder that counts frames, as one that trained for three steps still does', async () => {
  expect(result.probes.map(({ encoder, verdict, clips }) => [encoder, verdict, clips])).toEqual([['la2ds', 'counts frames', 4], ['baseline/untrained', 'counts frames', 4]])
  expect(await readProbes(join(places.runsDir, run))).toEqual(result.probes)
  expect(measureText(result, { store: 'store', runs: 'runs' })).toContain('WARNING: la2ds counts frames: its embeddings go with the number of the frame')
})

test('another run can stand among the floors', async () => {
  const { measures } = await evalJob({ ...places, run, protocol: 'quick', metrics: ['re-cut-cycle-skill'], baseline: run })
  expect(measures.find(({ encoder }) => encoder === `baseline/${run}`)!.value).toBe(measures[0]!.value)
})

test('writes the report beside the run, with both clips of the animation from the test side', async () => {
  const report = await reportJob({ ...places, runs: ['latest'] }, { now: () => 1_764_000_000_000 })
  expect(report).toEqual({ html: join(places.runsDir, run, 'report.html'), json: join(places.runsDir, run, 'report.json'), runs: [run] })
  const data = JSON.parse(await readFile(report.json,
    'utf8')) as { made: string; runs: { alignment: { a: { id: string }; b: { id: string } }; loss: unknown[] }[] }
  expect(data.made).toBe('2025-11-24T16:00:00.000Z')
  expect([data.runs[0]!.alignment.a.id, data.runs[0]!.alignment.b.id].every((id) => Number(id.slice(-4)) >= 1006 && Number(id.slice(-4)) <= 1009)).toBe(true)
  expect(data.runs[0]!.loss.length).toBe(3)
})

test('two seeds of one training are reported side by side, with their mean as the headline', async () => {
  const second = (await trainJob({ ...request(), seed: 1 }, { now: () => 1_764_000_100_000 })).run
  await evalJob({ ...places, run: second, protocol: 'quick', metrics: ['re-cut-cycle-skill'] })
  const output = join(folder, 'both.html')
  const { json } = await reportJob({ ...places, runs: [run, second], output }, { now: () => 0 })
  const { seeds } = JSON.parse(await readFile(json, 'utf8')) as { seeds: { action: string; measures: Measure[]; comparisons: { against: string }[] }[] }
  expect(seeds.map(({ action }) => action)).toEqual(['pullup'])
  expect(seeds[0]!.measures[0]).toMatchObject({ encoder: 'la2ds', metric: 're-cut-cycle-skill', settings: { seeds: 2 } })
  expect(seeds[0]!.comparisons.map(({ against }) => against)).toContain('baseline/untrained')
  expect(await readFile(output, 'utf8')).toContain('mean of 2 seeds')
})

test('refuses what it cannot do, and says what to do instead', async () => {
  await expect(evalJob({ ...places, run: 'yesterday' })).rejects.toMatchObject({ code: 'E_RUN_UNKNOWN' })
  await expect(evalJob({ ...places, run, corrupt: 'missing=2' })).rejects.toMatchObject({ code: 'E_CORRUPTION',
    message: '--corrupt missing=2 is not missing=LEVEL, a level of 0 to 1: share of joints' })
  await expect(reportJob({ ...places, runs: [run], output: join(places.runsDir, run, 'run.json', 'report.html') },
    { now: () => 0 })).rejects.toMatchObject({ code: 'E_REPORT_OUTPUT' })
})
