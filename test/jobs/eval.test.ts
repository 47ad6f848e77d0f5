import { cp, mkdtemp, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import type { Clip } from '../../src/clip.ts'
import type { Measure } from '../../src/eval/evaluate.ts'
import { measureText } from '../../src/cli/measure-text.ts'
import { readProbes, writeProbes } from '../../src/eval/probes/probe-table.ts'
import { readCurves } from '../../src/eval/robustness/curve-table.ts'
import { readMeasures, writeFrameRows } from '../../src/eval/run-tables.ts'
import { evalGivenJob, writeViewsJob } from '../../src/jobs/eval-given.ts'
import { readEvaluations } from '../../src/jobs/eval-log.ts'
import { evalJob, type EvalResult } from '../../src/jobs/eval.ts'
import { openEncoders } from '../../src/jobs/open-encoders.ts'
import { robustnessJob } from '../../src/jobs/robustness.ts'
import { reportJob } from '../../src/jobs/report.ts'
import { trainJob } from '../../src/jobs/train.ts'
import { hashSides } from '../../src/split.ts'
import { withDuck } from '../../src/store/duckdb.ts'
import { grouped, readManifest, writeClips, writeSplit } from '../../src/store/index.ts'
import { readRows } from '../../src/store/read-parquet.ts'
import { listRuns, readRun, writeRun } from '../../src/train/index.ts'
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
  settings: ['profile=tiny', 'epochs=1', 'batch=2', 'frames=16', 'validation=0', 'position=index'],
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

test('threads share the work and change no number', async () => {
  const [folder, embeddings] = [join(places.runsDir, run), () => readFile(join(places.runsDir, run, 'embeddings.parquet'))]
  const before = await embeddings()
  const shared = await evalJob({ ...places, run, protocol: 'quick', workers: 2 })
  expect([shared.measures, shared.comparisons, shared.probes]).toEqual([result.measures, result.comparisons, result.probes])
  expect([await readMeasures(folder), (await embeddings()).equals(before)]).toEqual([{ measures: result.measures, comparisons: result.comparisons }, true])
})

test('another protocol or a corruption adds its measures to those there', async () => {
  const noisy = await evalJob({ ...places, run, protocol: 'quick', metrics: ['kendall-tau', 'kendall-tau'], corrupt: 'missing=0.5' })
  expect((await readEvaluations(places.runsDir, run)).at(-1)!.metrics).toEqual(['kendall-tau'])
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

test('writes the report beside the run, once though it is named twice, with both clips of the animation from the test side', async () => {
  const report = await reportJob({ ...places, runs: ['latest', run] }, { now: () => 1_764_000_000_000 })
  expect(report).toEqual({ html: join(places.runsDir, run, 'report.html'), json: join(places.runsDir, run, 'report.json'), runs: [run], warnings: [] })
  const data = JSON.parse(await readFile(report.json,
    'utf8')) as { made: string; seeds: unknown[]; runs: { alignment: { a: { id: string }; b: { id: string } }; loss: unknown[] }[] }
  expect([data.made, data.runs.length, data.seeds]).toEqual(['2025-11-24T16:00:00.000Z', 1, []])
  expect([data.runs[0]!.alignment.a.id, data.runs[0]!.alignment.b.id].every((id) => Number(id.slice(-4)) >= 1006 && Number(id.slice(-4)) <= 1009)).toBe(true)
  expect(data.runs[0]!.loss.length).toBe(3)
})

test('curves over a corruption stand beside the floors that see joints and another run, once though it is named twice, in the folder of the run and in its report', async () => {
  const { points } = await robustnessJob({ ...places, run, kinds: ['swapped-run'], metrics: ['re-cut-cycle-skill'], protocol: 'quick', baselines: [run, 'latest'] })
  const own = points.filter(({ encoder, against }) => encoder === 'la2ds' && against === null)
  expect(own.map(({ level }) => level)).toEqual([0, 0.1, 0.25, 0.5])
  expect(own[0]!.value).toBe(result.measures[0]!.value)
  expect(new Set(points.map(({ encoder }) => encoder))).toEqual(new Set(['la2ds', `baseline/${run}`, 'baseline/coordinates', 'baseline/coordinates-velocity']))
  expect(points.filter(({ against }) => against === `baseline/${run}`).map(({ value }) => value)).toEqual([0, 0, 0])
  expect(await readCurves(join(places.runsDir, run))).toEqual(points)
  await expect(robustnessJob({ ...places, run, kinds: ['swaps'] })).rejects.toMatchObject({ code: 'E_CORRUPTION' })
})

test('curves of a run that was trained on other data are refused', async () => {
  const [runsDir, other] = [join(folder, 'other-runs'), `${run}-other`]
  for (const name of [run, other]) await cp(join(places.runsDir, run), join(runsDir, name), { recursive: true })
  await writeRun(runsDir, { ...await readRun(runsDir, run), run: other, root: 'f'.repeat(64) })
  await expect(robustnessJob({ ...places, runsDir, run, baselines: [other] })).rejects.toMatchObject({ code: 'E_ROBUSTNESS', message: expect.stringContaining(other) as unknown })
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
  // the second seed trained twice is no third seed
  await cp(join(places.runsDir, second), join(places.runsDir, `${second}-2`), { recursive: true })
  await writeRun(places.runsDir, { ...await readRun(places.runsDir, second), run: `${second}-2` })
  const again = await reportJob({ ...places, runs: [run, second, `${second}-2`], output }, { now: () => 0 })
  expect(JSON.parse(await readFile(again.json, 'utf8'))).toMatchObject({ seeds: [{ runs: [run, `${second}-2`], measures: seeds[0]!.measures }] })
})

describe('embeddings of others', () => {
  const asked = { dataset: 'penn-action', split: 'official', action: 'pullup', protocol: 'quick' }
  const effects = { now: () => 1_764_000_200_000 }
  const valueOf = ({ metric, card, value, low, high, reason }: Measure) => [metric, card, value, low, high, reason]

  test("a run's own embeddings of every clip and view that are written out measure as the run does, value by value", async () => {
    const views = join(folder, 'views.parquet')
    const written = await writeViewsJob({ ...places, ...asked, file: views })
    expect(written).toMatchObject({ output: views, clips: 10 })
    const { encoder, open } = await openEncoders({ ...places, run })
    const clips = await readViews(views)
    expect(clips.length).toBe(written.clips + written.views)
    const made = await encoder.embed(clips)
    for (const one of open) await one.close()
    const file = await writeFrameRows(join(folder, 'mine.parquet'), 'mine', new Map(clips.map(({ id }, at) => [id, made[at]!])))
    const given = await evalGivenJob({ ...places, ...asked, file }, effects)
    expect(given.measures.filter(({ encoder: name }) => name === 'embeddings').map(valueOf)).toEqual(result.measures.filter(({ encoder: name }) => name === 'la2ds').map(valueOf))
    expect(given.probes.map(({ encoder: _name, ...probed }) => probed)).toEqual(result.probes.slice(0, 1).map(({ encoder: _name, ...probed }) => probed))
    expect([given.warnings, given.measures.some(({ encoder: name }) => name === 'baseline/untrained')]).toEqual([[], false])
  })

  test('whole test clips alone, by numpy: what needs no more is measured, the rest is null and says what it needs, and probes of before are gone', async () => {
    const file = fileURLToPath(new URL('../fixtures/npz/counter-f8.npz', import.meta.url))
    const { run: name, measures, comparisons } = await evalGivenJob({ ...places, ...asked, file }, effects)
    const [own, counter] = ['embeddings', 'baseline/count'].map((encoder) => measures.filter((measure) => measure.encoder === encoder))
    const whole = own!.filter(({ metric, card }) => card === 'whole' && /kendall|retrieval/.test(metric))
    expect(whole.map(valueOf)).toEqual(counter!.filter(({ metric, card }) => card === 'whole' && /kendall|retrieval/.test(metric)).map(valueOf))
    expect(whole.every(({ value }) => value !== null)).toBe(true)
    const reasons = (card: string, metric: RegExp) => new Set(own!.filter((measure) => measure.card === card && metric.test(measure.metric)).map(({ value, reason }) => `${value} ${reason}`))
    expect(reasons('whole', /accuracy|progression/)).toEqual(new Set(['null no embeddings of the training clips were given']))
    expect([...reasons('views', /./), ...reasons('cut', /kendall/)].sort()[0]).toBe('null no embeddings of its views were given: eval --write-views writes them')
    expect(comparisons.find(({ metric, against }) => metric === 're-cut-cycle-skill' && against === 'baseline/count')).toMatchObject({ value: null, p: null })
    await writeProbes(join(places.runsDir, name), name, result.probes)
    const again = await evalGivenJob({ ...places, ...asked, file, metrics: ['kendall-tau'] }, effects)
    expect([again.run, (await readMeasures(join(places.runsDir, name)))!.measures.length]).toEqual([name, measures.length])
    expect(await readProbes(join(places.runsDir, name))).toEqual([])
    expect((await reportJob({ ...places, runs: [name] }, { now: () => 0 })).runs).toEqual([name])
  })

  test('all actions: the mean over them is a row, and what was not asked for is named', async () => {
    const test = made.filter((_, index) => index % 10 >= 6)
    const counted = new Map(test.map((clip) => [clip.id, { shape: [clip.frames, 1], data: Float32Array.from({ length: clip.frames }, (_, t) => t) }]))
    const file = await writeFrameRows(join(folder, 'all.parquet'), 'mine', new Map([...counted, ['view/0123456789abcdef', { shape: [1, 1], data: Float32Array.of(1) }]]))
    const { measures, warnings } = await evalGivenJob({ ...places, ...asked, action: null, file, metrics: ['kendall-tau'] }, effects)
    const own = measures.filter(({ encoder, card }) => encoder === 'embeddings' && card === 'whole')
    expect(own.map(({ action }) => action)).toEqual(['pullup', 'squat', 'all actions'])
    expect(own[2]!.value).toBeCloseTo((own[0]!.value! + own[1]!.value!) / 2, 12)
    expect(warnings).toEqual(['it was not probed: no embeddings of its views were given: eval --write-views writes them',
      '1 of the given embeddings were not asked for by this evaluation: view/0123456789abcdef'])
  })

  test('what is of another split is measured, and neither compared nor put into one table', async () => {
    const sides = { train: made.slice(0, 5).map(({ id }) => id), test: made.slice(5, 10).map(({ id }) => id) }
    await writeSplit(places.storeDir, { name: 'other', dataset: 'penn-action', query: 'made', groupKey: 'group_id', seed: 0, salt: '0', sides, hash: hashSides(sides) },
      (await readManifest(places.storeDir, 'penn-action')).root)
    const counted = new Map(made.slice(5, 10).map((clip) => [clip.id, { shape: [clip.frames, 1], data: Float32Array.from({ length: clip.frames }, (_, t) => t) }]))
    const file = await writeFrameRows(join(folder, 'other.parquet'), 'mine', counted)
    const { run: other } = await evalGivenJob({ ...places, ...asked, split: 'other', file, metrics: ['kendall-tau'] }, effects)
    const { warnings, measures, comparisons, probes } = await evalJob({ ...places, run, protocol: 'quick', metrics: ['kendall-tau'], baseline: other })
    expect(warnings).toEqual([expect.stringMatching(`^runs ${run} and ${other} are not alike: split official [0-9a-f]{12} and split other [0-9a-f]{12}\\. Their difference is not taken$`),
      `baseline/${other} was not probed: no embeddings of its views were given: eval --write-views writes them`])
    expect(probes.map(({ encoder }) => encoder)).toEqual(['la2ds', 'baseline/untrained'])
    await expect(evalJob({ ...places, run, baseline: other, corrupt: 'missing=0.2' })).rejects.toMatchObject({ code: 'E_RUN_GIVEN', message: expect.stringContaining('missing=0.2') as unknown })
    expect(measures.find(({ encoder, card }) => encoder === `baseline/${other}` && card === 'whole')!.value).not.toBeNull()
    expect(comparisons.find(({ against }) => against === `baseline/${other}`)).toMatchObject({ value: null, p: null, reason: expect.stringContaining('not alike: split official') as unknown })
    const report = await reportJob({ ...places, runs: [run, other], output: join(folder, 'unlike.html') }, { now: () => 0 })
    expect(report.warnings).toEqual([expect.stringContaining('They stand in tables of their own')])
    const page = await readFile(report.html, 'utf8')
    expect([page.match(/<b>Not alike:<\/b>/g)!.length, page.match(/Headlines: counting frames does not win these/g)!.length]).toEqual([1, 2])
  })

  test('refuses a part of the test side, a clip of another length, an id that nothing has', async () => {
    const rowsOf = (frames: number) => ({ shape: [frames, 1], data: Float32Array.from({ length: frames }, (_, t) => t) })
    const measured = async (...given: readonly (readonly [string, number])[]) => {
      const file = await writeFrameRows(join(folder, 'part.parquet'), 'mine', new Map(given.map(([id, frames]) => [id, rowsOf(frames)])))
      return evalGivenJob({ ...places, ...asked, file, metrics: ['kendall-tau'] }, effects)
    }
    const before = await listRuns(places.runsDir)
    await expect(measured(['penn-action/1006', 30])).rejects.toMatchObject({ code: 'E_EMBEDDINGS_MISSING',
      message: 'embeddings of 3 of 4 test clips are missing: penn-action/1007, penn-action/1008, penn-action/1009' })
    const rest = ['penn-action/1007', 'penn-action/1008', 'penn-action/1009'] as const
    await expect(measured(['penn-action/1006', 29], ...rest.map((id) => [id, 30] as const))).rejects.toMatchObject({ code: 'E_EMBEDDINGS_FRAMES', message: 'penn-action/1006 has 30 frames, 29 embeddings of it were given' })
    await expect(measured(['penn-action/9999', 9])).rejects.toMatchObject({ code: 'E_EMBEDDINGS_CLIP', message: expect.stringContaining('1 ids that are no clips of penn-action: penn-action/9999') as unknown })
    expect(await listRuns(places.runsDir)).toEqual(before)
  })

  test('of an action that the test side lacks leaves no run', async () => {
    const file = await writeFrameRows(join(folder, 'lacking.parquet'), 'mine', new Map([['penn-action/1006', { shape: [1, 1], data: Float32Array.of(0) }]]))
    const before = await listRuns(places.runsDir)
    await expect(evalGivenJob({ ...places, ...asked, action: 'swim', file }, effects)).rejects.toMatchObject({ code: 'E_ACTION_UNKNOWN' })
    expect(await listRuns(places.runsDir)).toEqual(before)
  })
})

/** The clips that `--write-views` wrote, from its columns alone. */
async function readViews(file: string): Promise<Clip[]> {
  const { joints } = entryOf(await readCatalog(), 'penn-action').skeleton
  const numbers = joints.flatMap((joint) => ['x', 'y', 'confidence'].map((axis) => ({ name: `${joint}_${axis}`, type: 'float' as const })))
  const columns = [{ name: 'clip_id', type: 'text' as const }, { name: 'width', type: 'float' as const }, { name: 'height', type: 'float' as const }, ...numbers]
  const found = grouped(await withDuck((duck) => readRows(duck, { files: [file] }, columns)), ([id]) => String(id))
  return [...found].map(([id, frames]) => ({
    ...clipOf(id, frames.length), width: Number(frames[0]![1]), height: Number(frames[0]![2]),
    keypoints: Float32Array.from(frames.flatMap((row) => row.slice(3).map((value) => (value === null ? NaN : Number(value))))),
  }))
}

test('refuses what it cannot do, and says what to do instead', async () => {
  await expect(evalJob({ ...places, run: 'yesterday' })).rejects.toMatchObject({ code: 'E_RUN_UNKNOWN' })
  await expect(evalJob({ ...places, run, corrupt: 'missing=2' })).rejects.toMatchObject({ code: 'E_CORRUPTION',
    message: '--corrupt missing=2 is not missing=LEVEL, a level of 0 to 1: share of joints' })
  await expect(reportJob({ ...places, runs: [run], output: join(places.runsDir, run, 'run.json', 'report.html') },
    { now: () => 0 })).rejects.toMatchObject({ code: 'E_REPORT_OUTPUT' })
})
