import { existsSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { decodeSafetensors } from '../../src/engine/index.ts'
import { removeIdleRun } from '../../src/jobs/run-lock.ts'
import { replayJob } from '../../src/jobs/replay.ts'
import { runEncoder } from '../../src/jobs/run-encoder.ts'
import type { TrainEvent } from '../../src/jobs/run-training.ts'
import { trainJob, type TrainResult } from '../../src/jobs/train.ts'
import { runQuery } from '../../src/queries/index.ts'
import { lockFolder, removeClips, tagVersion } from '../../src/store/index.ts'
import { readRun, runFile, runFiles, writeRun } from '../../src/train/index.ts'
import { lastingFolder, storeOf, swinging } from './penn-store.ts'

const settings = ['profile=tiny', 'frames=12', 'batch=4', 'validateEvery=2', 'epochs=3']
const asked = { model: 'la2ds', dataset: 'penn-action', split: 'official', action: 'pullup', seed: 1, device: 'cpu', settings, threads: 1 }
const clips = [
  ...Array.from({ length: 9 }, (_, i) => swinging(i)), swinging(20, { flags: ['no-observed-joint'] }), swinging(21, { action: 'squat' }), swinging(90),
]
let clock = Date.UTC(2026, 10, 21)
const now = () => clock += 500

/** One whole run, which several tests look at. */
let place: Awaited<ReturnType<typeof storeOf>>
let result: TrainResult
const events: TrainEvent[] = []
beforeAll(async () => {
  place = await storeOf(clips, lastingFolder)
  result = await trainJob({ ...place, ...asked }, { now, onEvent: (event) => events.push(event) })
})

test('trains the clips of an action, leaves a run that embeds, and says what it left out', async () => {
  // 9 clips: 2 for validation, 7 to train on; 21 samples in batches of 4
  expect(result).toMatchObject({ model: 'la2ds', steps: 6, device: 'cpu', state: 'done', stopped: null, clips: { train: 7, validation: 2, leftOut: 1 } })
  expect([result.loss.length, result.loss.every(Number.isFinite)]).toEqual([6, true])
  expect(events.flatMap((event) => (event.kind === 'validation' ? [event.epoch] : []))).toEqual([2, 3])
  const record = await readRun(place.runsDir, result.run)
  expect(record).toMatchObject({ run: result.run, seed: 1, epochs: 3, frames: 12, config: { batch: 4, learningRate: 0.002 }, best: result.best })
  const { encoder } = await runEncoder({ runsDir: place.runsDir, run: result.run })
  expect((await encoder.embed([swinging(50, { frames: 17 })]))[0]!.shape).toEqual([17, 128])
  await encoder.close()
})

test('logs what is equal for equal runs apart from what is not, and both as a table that SQL reads', async () => {
  const lines = async (file: 'log' | 'timing') => (await readFile(runFile(place.runsDir, result.run, file), 'utf8')).trim().split('\n').map((text) => JSON.parse(text) as Record<string, unknown>)
  expect(Object.keys((await lines('log'))[0]!)).toEqual(['step', 'epoch', 'loss', 'rate', 'gradientNorm'])
  expect(await lines('timing')).toEqual(Array.from({ length: 6 }, (_, i) => ({ step: i + 1, seconds: 1, waitSeconds: 0.5, samples: 4 })))
  const { rows } = await runQuery(place, 'select step, epoch, loss, validation is null, best, seconds, wait_seconds, samples from training order by step')
  const validated = new Set(events.flatMap((event) => (event.kind === 'validation' ? [event.step] : [])))
  const stepEvents = events.flatMap((event) => (event.kind === 'step' ? [event.step] : []))
  expect(rows.map(([step, epoch, loss, none]) => [step, epoch, loss, none])).toEqual(stepEvents.map(({ step, epoch, loss }) => [step, epoch, loss, !validated.has(step)]))
  expect(rows[0]!.slice(4)).toEqual([null, 1, 0.5, 4])
})

test('trains on another device as it says, with losses near those of the CPU', async () => {
  const short = ['profile=tiny', 'frames=4', 'batch=4', 'epochs=1', 'validation=0']
  const other = await trainJob({ ...place, ...asked, device: 'tfjs:wasm', settings: short }, { now })
  const same = await trainJob({ ...place, ...asked, settings: short }, { now })
  expect([other.device, (await readRun(place.runsDir, other.run)).device]).toEqual(['tfjs:wasm', 'tfjs:wasm'])
  expect(other.loss).toBeAllclose(same.loss, { atol: 1e-4, rtol: 0 })
})

test('every setting of the update at once: stopped and gone on with it is the same run, its steps are replayed to the last bit, its average is what is used', async () => {
  const all = [...settings, 'frames=4', 'epochs=2', 'accumulate=2', 'average.kind=exponential', 'schedule=plateau', 'plateau.patience=0', 'clipBy=value', 'clip=0.01', 'precision=float16', 'lossScale.start=2e6']
  const whole = await trainJob({ ...place, ...asked, settings: all }, { now })
  expect([whole.weights, whole.steps, whole.skipped > 0 && whole.skipped < 4]).toEqual([{ of: 'average', at: 'best' }, 4, true])
  const stop = new AbortController()
  const cut = await trainJob({ ...place, ...asked, settings: all }, { now, signal: stop.signal, onEvent: (event) => { if (event.kind === 'step' && event.step.step === 2) stop.abort() } })
  await trainJob({ ...place, resume: cut.run }, { now })
  const log = async (run: string) => readFile(runFile(place.runsDir, run, 'log'), 'utf8')
  expect(await log(cut.run)).toBe(await log(whole.run))
  const { check, fed } = await replayJob({ ...place, run: whole.run, step: 3, check: true, rawDir: null, output: null })
  expect([check!.same, fed.map(({ name }) => name).slice(-4)]).toEqual([true, ['rate', 'correction1', 'correction2', 'averageDecay']])
})

test('a loss that changes with the steps is told the step, in each part of a batch too, and replay knows what it was told', async () => {
  const asking = ['profile=tiny', 'frames=6', 'batch=4', 'epochs=2', 'validation=0', 'loss=vava', 'accumulate=2', 'vava.phi=0.5']
  const { run } = await trainJob({ ...place, ...asked, settings: asking }, { now })
  const output = join(place.runsDir, 'fed.safetensors')
  const { check } = await replayJob({ ...place, run, step: 3, check: true, rawDir: null, output })
  expect([check!.same, decodeSafetensors(await readFile(output), output).tensors['step']!.data]).toEqual([true, Float32Array.of(3)])
})

test.each(['match-and-regress', 'carl', 'lav', 'gta', 'gtcc', 'vaot', 'tcc', 'tcn', 'sal', 'tcc-sal-tcn', 'vava'])('trains by the loss %s, whose values are numbers', async (loss) => {
  const { loss: values, steps } = await trainJob({ ...place, ...asked, settings: ['profile=tiny', 'frames=6', 'batch=4', 'epochs=1', 'validation=0', `loss=${loss}`] }, { now })
  expect([values.length, values.every(Number.isFinite)]).toEqual([steps, true])
})

test('a loss that draws and has a classifier: stopped and gone on with it is the same run, its steps are replayed to the last bit, its model embeds', async () => {
  const drawing = [...settings, 'epochs=2', 'loss=tcc-sal-tcn', 'tcc.frames=6', 'tcn.frames=6']
  const whole = await trainJob({ ...place, ...asked, settings: drawing }, { now })
  const stop = new AbortController()
  const cut = await trainJob({ ...place, ...asked, settings: drawing }, { now, signal: stop.signal, onEvent: (event) => { if (event.kind === 'step' && event.step.step === 2) stop.abort() } })
  await trainJob({ ...place, resume: cut.run }, { now })
  const log = async (run: string) => readFile(runFile(place.runsDir, run, 'log'), 'utf8')
  expect(await log(cut.run)).toBe(await log(whole.run))
  expect((await replayJob({ ...place, run: whole.run, step: 3, check: true, rawDir: null, output: null })).check!.same).toBe(true)
  const { encoder } = await runEncoder({ runsDir: place.runsDir, run: whole.run })
  expect((await encoder.embed([swinging(50, { frames: 17 })]))[0]!.shape).toEqual([17, 128])
  await encoder.close()
  const { tensors } = decodeSafetensors(new Uint8Array(await readFile(runFile(place.runsDir, whole.run, 'checkpoint'))), 'checkpoint')
  expect(Object.entries(tensors).flatMap(([name, { shape }]) => (name.startsWith('shuffle-and-learn.') ? [[name, ...shape]] : []))).toEqual([
    ['shuffle-and-learn.in.weight', 384, 128], ['shuffle-and-learn.in.bias', 128], ['shuffle-and-learn.hidden.weight', 128, 64], ['shuffle-and-learn.hidden.bias', 64],
    ['shuffle-and-learn.out.weight', 64, 2], ['shuffle-and-learn.out.bias', 2]])
})

describe('other models', () => {
  const tables = [['casa', ['casa.layers=1', 'loss=tcc-sal-tcn', 'tcc.frames=4', 'tcn.frames=4', 'augmentation=casa'], 26], ['coords-2d', ['profile=tiny', 'coords2d.width=6'], 128], ['joint-tokens', ['profile=tiny', 'jointTokens.width=4'], 128]] as const
  test.each(tables)('%s: stopped and gone on with is the same run, its steps are replayed to the last bit, it embeds a longer clip', async (model, own, width) => {
    const changed = { ...place, ...asked, model, settings: ['frames=8', 'batch=4', 'epochs=1', 'validateEvery=1', ...own] }
    const whole = await trainJob(changed, { now })
    const stop = new AbortController()
    const cut = await trainJob(changed, { now, signal: stop.signal, onEvent: (event) => { if (event.kind === 'step') stop.abort() } })
    await trainJob({ ...place, resume: cut.run }, { now })
    const log = async (run: string) => readFile(runFile(place.runsDir, run, 'log'), 'utf8')
    expect(await log(cut.run)).toBe(await log(whole.run))
    expect((await replayJob({ ...place, run: whole.run, step: 2, check: true, rawDir: null, output: null })).check!.same).toBe(true)
    const { encoder } = await runEncoder({ runsDir: place.runsDir, run: whole.run })
    expect((await encoder.embed([swinging(50, { frames: 17 })]))[0]!.shape).toEqual([17, width])
    await encoder.close()
  })

  test('casa.dims=3 takes the clips in space and leaves those in the plane out', async () => {
    const inSpace = (clip: ReturnType<typeof swinging>) => {
      const keypoints = Float32Array.from({ length: clip.frames * 52 }, (_, at) => (at % 4 === 2 ? 5 * Math.sin(at) : clip.keypoints![Math.floor(at / 4) * 3 + Math.min(at % 4, 2)]!))
      return { ...clip, dims: 3 as const, keypoints, raw: null }
    }
    const there = await storeOf([swinging(1), ...[2, 3, 4, 5, 6, 7, 8, 9].map((number) => inSpace(swinging(number)))])
    const found = await trainJob({ ...there, ...asked, model: 'casa', settings: ['frames=6', 'batch=2', 'epochs=1', 'validation=0.3', 'casa.layers=1', 'casa.dims=3'] }, { now })
    expect([found.state, found.clips, found.best !== null]).toEqual(['done', { train: 5, validation: 2, leftOut: 1 }, true])
  })
})

test('a run whose every update was skipped has failed, and says so', async () => {
  const there = { ...place, runsDir: `${place.runsDir}-idle` }
  const idle = trainJob({ ...there, ...asked, settings: [...settings, 'frames=4', 'epochs=1', 'precision=float16', 'lossScale.start=1e30'] }, { now })
  await expect(idle).rejects.toMatchObject({ code: 'E_LOSS', exit: 4, hint: 'start with a smaller loss scale (lossScale.start), train for more steps, or in float32' })
  expect(await readRun(there.runsDir, 'latest')).toMatchObject({ state: 'failed', stopped: expect.stringMatching(/^nothing was trained: .* skipped in each of 2 steps/) as string })
})

test('a device without float16 is refused before there is a run', async () => {
  const runsDir = `${place.runsDir}-none`
  await expect(trainJob({ ...place, runsDir, ...asked, device: 'tfjs:cpu', settings: [...settings, 'precision=float16'] }, { now })).rejects.toMatchObject({
    code: 'E_DEVICE_OPERATION', exit: 2, message: 'tfjs has no float16', hint: 'train in float32, or on another device: posetta doctor lists them' })
  expect(existsSync(runsDir)).toBe(false)
})

describe('stopping and going on', () => {
  test('after an interruption the run ends as if it had never stopped: same checkpoint, same log', async () => {
    const stop = new AbortController()
    const onEvent = (event: TrainEvent) => { if (event.kind === 'step' && event.step.step === 3) stop.abort() }
    const cut = await trainJob({ ...place, ...asked }, { now, signal: stop.signal, onEvent })
    expect([cut.state, cut.steps, cut.stopped]).toEqual(['interrupted', 3, 'interrupted after step 3'])
    const rest = await trainJob({ ...place, resume: cut.run }, { now })
    expect({ ...rest, run: result.run, seconds: 0 }).toEqual({ ...result, seconds: 0 })
    const bytes = async (run: string) => (await readFile(runFile(place.runsDir, run, 'checkpoint'))).toString('latin1').replaceAll(run, 'RUN').slice(8)
    expect(await bytes(rest.run) === await bytes(result.run)).toBe(true)
  })

  test('a run that was killed before its first checkpoint begins where it would have begun', async () => {
    const stop = new AbortController()
    const { run } = await trainJob({ ...place, ...asked }, { now, signal: stop.signal, onEvent: () => stop.abort() })
    for (const file of ['checkpoint', 'log', 'timing'] as const) await rm(runFile(place.runsDir, run, file), { force: true })
    await writeRun(place.runsDir, { ...await readRun(place.runsDir, run), state: 'running', steps: 0 })
    expect((await trainJob({ ...place, resume: run }, { now })).loss).toEqual(result.loss)
  })

  test('a checkpoint that was lost later is told of', async () => {
    const stop = new AbortController()
    const { run } = await trainJob({ ...place, ...asked }, { now, signal: stop.signal, onEvent: (event) => { if (event.kind === 'step') stop.abort() } })
    const file = runFile(place.runsDir, run, 'checkpoint')
    await rm(file)
    await expect(trainJob({ ...place, resume: run }, { now })).rejects.toMatchObject({ code: 'E_CHECKPOINT', message: expect.stringContaining(`"${file}" cannot be read: ENOENT`) as string })
  })

  test('a run that another process trains is left to it, whatever that has written', async () => {
    const stop = new AbortController()
    const { run } = await trainJob({ ...place, ...asked }, { now, signal: stop.signal, onEvent: (event) => { if (event.kind === 'step') stop.abort() } })
    const folder = join(place.runsDir, run)
    const [before, unlock] = [await readFile(join(folder, 'run.json'), 'utf8'), await lockFolder(folder)]
    await expect(trainJob({ ...place, resume: run }, { now })).rejects.toMatchObject({
      code: 'E_RUN_BUSY', message: `run ${run}: "${folder}" is being written by process ${process.pid}`, hint: 'wait until it has finished, then run the same command again' })
    await expect(removeIdleRun(place.runsDir, run)).rejects.toMatchObject({ code: 'E_RUN_BUSY' })
    expect(await readFile(join(folder, 'run.json'), 'utf8')).toBe(before)
    await unlock()
    expect((await trainJob({ ...place, resume: run }, { now })).loss).toEqual(result.loss)
    expect((await readdir(folder)).filter((file) => !Object.values<string>(runFiles).includes(file))).toEqual([])
  })

  test('a run that is done is not gone on with', async () => {
    const { run } = result
    await expect(trainJob({ ...place, resume: run }, { now })).rejects.toMatchObject({
      code: 'E_RUN_DONE', message: `run ${run} is done (6 steps)`, hint: `posetta eval ${run} --store ${place.storeDir} --runs ${place.runsDir}` })
  })
})

describe('what cannot be trained', () => {
  const refused = async (change: Partial<typeof asked>) => trainJob({ ...await storeOf(clips), ...asked, ...change }, { now })
  test.each([
    [{ model: 'la2d' }, 'E_MODEL_UNKNOWN', 'no model "la2d"'],
    [{ action: 'pull-up' }, 'E_ACTION_UNKNOWN', 'no action in penn-action "pull-up"'],
    [{ action: 'bowl' }, 'E_NOTHING_TO_TRAIN', 'the train side of split "official" of penn-action has no clip of bowl to train on'],
    [{ device: 'abacus', dataset: 'none' }, 'E_DEVICE_UNKNOWN', 'no device "abacus"'],
    [{ device: 'cuda', dataset: 'none' }, 'E_DEVICE_UNUSABLE', "cuda: ONNX Runtime's CUDA provider cannot be loaded (OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library)"],
    [{ settings: ['patch=7'] }, 'E_MODEL_SIZES', 'heatmaps of 16 x 16 px do not come apart into patches of 7 x 7'],
    [{ settings: ['width=30'] }, 'E_MODEL_SIZES', 'a width of 30 does not come apart into 4 heads'],
    [{ settings: ['width=36', 'heads=4'] }, 'E_MODEL_SIZES', '4 heads of 9 numbers each: rotary positions turn pairs of numbers'],
    [{ settings: ['profile=smal'] }, 'E_PROFILE_UNKNOWN', 'no profile "smal"'],
    [{ settings: ['casa.layers=1'] }, 'E_SETTING_UNKNOWN', '--set casa.layers=1: la2ds has no setting "casa.layers", casa has'],
    [{ model: 'casa', settings: ['heatmap.size=48'] }, 'E_SETTING_UNKNOWN', '--set heatmap.size=48: casa has no setting "heatmap.size", la2ds, coords-2d, joint-tokens and la2ds-rgb have'],
    [{ model: 'casa', settings: ['casa.heads=4'] }, 'E_SETTING_VALUE', '--set casa.heads=4: 26 numbers a frame do not come apart into 4 heads'],
    [{ split: 'offical' }, 'E_SPLIT_UNKNOWN', 'no split of penn-action named "offical"'],
  ])('%j', async (change, code, message) => {
    await expect(refused(change)).rejects.toMatchObject({ code, message })
  })

  test('clips in the plane by a model of space, which says why they are left out', async () => {
    await expect(refused({ model: 'casa', settings: ['casa.dims=3'] })).rejects.toMatchObject({ code: 'E_NOTHING_TO_TRAIN', hint: expect.stringContaining('joints in other than 3 dimensions') })
  })

  test('a view out of range, before there is a run', async () => {
    const place = await storeOf(clips)
    await expect(trainJob({ ...place, ...asked, settings: ['second.rotate.degrees=500'] }, { now })).rejects.toMatchObject({
      code: 'E_TRANSFORM_OPTION', message: 'step 6, rotate: degrees = 500 is not between 0 and 180' })
    expect(await readdir(place.runsDir)).toEqual([])
  })

  test('a batch whose graph no machine has the memory for, with its sizes; the run is there, and failed', async () => {
    const place = await storeOf(clips)
    await expect(trainJob({ ...place, ...asked, settings: [...settings, 'profile=small', 'heatmap.size=32', 'inputs=points', 'batch=200000'] }, { now })).rejects.toMatchObject({
      code: 'E_MEMORY', message: expect.stringMatching(/^steps of 200000 clips, two views of 12 frames each: a run of the graph does not fit in memory: it needs about [\d.]+ TB at its peak/) as string,
      hint: expect.stringMatching(/^the largest values: .* GB \(.*\); .*; smaller batches, shorter sequences or fewer channels need less: --set accumulate=2, --set batch=100000, --set frames=6$/) as string })
    expect(await readRun(place.runsDir, 'latest')).toMatchObject({ state: 'failed', steps: 0 })
  })

  test('a split of which the version lacks a clip, be it one to test on; the hint trains', async () => {
    const place = await storeOf(clips)
    await tagVersion(place.storeDir, 'penn-action', 'whole')
    const { commit } = await removeClips({ storeDir: place.storeDir, dataset: 'penn-action', ids: ['penn-action/0090'], purge: false })
    await expect(trainJob({ ...place, ...asked }, { now })).rejects.toMatchObject({
      code: 'E_SPLIT_CLIP', message: `split "official": 1 of its clips is not in version ${commit.slice(0, 12)} of penn-action: penn-action/0090`,
      hint: 'train --at whole, the newest version that has them all, or make the split anew under another name' })
    expect(await readdir(place.runsDir)).toEqual([])
    expect(await trainJob({ ...place, ...asked, version: 'whole', settings: [...settings, 'epochs=1'] }, { now })).toMatchObject({ state: 'done' })
  })
})
