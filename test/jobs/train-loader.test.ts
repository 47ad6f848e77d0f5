import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { Clip } from '../../src/clip.ts'
import { clipRole } from '../../src/jobs/clip-role.ts'
import type { TrainEvent } from '../../src/jobs/run-training.ts'
import { trainJob } from '../../src/jobs/train.ts'
import { readSplit } from '../../src/store/index.ts'
import { readRun, runFile } from '../../src/train/index.ts'
import { temporaryFolder } from '../store/folder.ts'
import { storeOf, swinging } from './penn-store.ts'

const settings = ['profile=tiny', 'frames=12', 'batch=4', 'validateEvery=2', 'epochs=2']
const asked = { model: 'la2ds', dataset: 'penn-action', split: 'official', action: null, seed: 1, device: 'cpu', settings, threads: 1 }
const clips = [...Array.from({ length: 9 }, (_, i) => swinging(i)), swinging(20, { action: 'squat' }), swinging(21, { action: 'squat' }), swinging(90)]
let clock = Date.UTC(2026, 10, 21)
/** Runs begun in one second would have names of two lengths. */
const now = () => clock += 2000
type Place = Awaited<ReturnType<typeof storeOf>>

/** What a run left: its log, and its checkpoint but for the run's name. */
async function bytesOf({ runsDir }: Place, run: string): Promise<string[]> {
  const [log, checkpoint] = [await readFile(runFile(runsDir, run, 'log'), 'utf8'), (await readFile(runFile(runsDir, run, 'checkpoint'))).toString('latin1')]
  return [log, checkpoint.replaceAll(run, 'RUN').slice(8)]
}

/** A run that is told to stop after a step. */
async function stoppedAfter(step: number, place: Place, more: object): Promise<string> {
  const stop = new AbortController()
  const onEvent = (event: TrainEvent) => { if (event.kind === 'step' && event.step.step === step) stop.abort() }
  const { run, steps } = await trainJob({ ...place, ...asked, ...more }, { now, signal: stop.signal, onEvent })
  expect(steps).toBe(step)
  return run
}

describe('what makes the batches does not change them', () => {
  const plan = { balance: { by: 'action', power: 0.5 }, filter: { maxFrames: 15 } }

  test('threads, memory or another cache', async () => {
    const place = await storeOf(clips)
    const request = { ...asked, plan }
    const whole = await trainJob({ ...place, ...request }, { now })
    const other = await trainJob({ ...place, ...request, workers: 2, memory: 2 ** 26, cacheDir: await temporaryFolder() }, { now })
    expect(await bytesOf(place, other.run)).toEqual(await bytesOf(place, whole.run))
  })

  test('a run is gone on with by other threads, bit by bit', async () => {
    const place = await storeOf(clips)
    const request = { plan, settings: [...settings, 'inputs=points', 'validation=0'] }
    const whole = await trainJob({ ...place, ...asked, ...request }, { now })
    const run = await stoppedAfter(3, place, { ...request, workers: 1 })
    expect((await trainJob({ ...place, resume: run, workers: 0 }, { now })).loss).toEqual(whole.loss)
    expect(await bytesOf(place, run)).toEqual(await bytesOf(place, whole.run))
  })
})

describe('the plan of a training', () => {
  test('is kept with the run in its normal form, and clips that it leaves out are told of, and left out', async () => {
    const place = await storeOf(clips)
    const events: TrainEvent[] = []
    const { run, clips: counted } = await trainJob({ ...place, ...asked, settings: [...settings, 'epochs=1'], plan: { filter: { action: ['squat', 'squat'] } } }, { now, onEvent: (event) => events.push(event) })
    // 9 pullups, of which 2 are kept for validation, and 2 squats
    expect([counted, events.flatMap((event) => (event.kind === 'start' ? [event.left] : []))]).toEqual([
      { train: 2, validation: 2, leftOut: 0 }, [[{ by: 'filter', clips: 7, why: 'do not pass the filter', first: expect.any(String) }]]])
    const record = await readRun(place.runsDir, run)
    expect(record.plan).toEqual({ filter: { action: ['squat'] } })
    const split = await readSplit(place.storeDir, 'penn-action', 'official')
    const roles = await Promise.all(clips.map(({ id }) => clipRole({ ...place, catalogFiles: [], record, split, clip: id, isMeasured: false })))
    expect(roles.filter(({ role }) => role === 'trained on').map(({ clip }) => clip)).toEqual(['penn-action/0020', 'penn-action/0021'])
    expect(roles.filter(({ role }) => role === 'validation')).toHaveLength(2)
  })

  test('may pair clips of an action; another plan is another training', async () => {
    const place = await storeOf(clips)
    const losses = []
    for (const plan of [{}, { pairs: { same: 'action', differs: 'group' } }]) losses.push((await trainJob({ ...place, ...asked, settings: [...settings, 'epochs=1', 'validation=0'], plan }, { now })).loss)
    expect(losses.flat().every(Number.isFinite)).toBe(true)
    expect(losses[0]).not.toEqual(losses[1])
  })

  test.each<[object, string, RegExp]>([
    [{ filter: { action: ['swim'] } }, 'E_LOADER_LABEL', /swim/],
    [{ buckets: { batch: 8, batches: 2 } }, 'E_LOADER_PLAN', /^buckets of 8 samples in batches of 4$/],
    [{ pairs: { same: 'subject', differs: 'group' } }, 'E_LOADER_PAIR', /^9 of 9 clips have no partner/],
    [{ shuffle: false }, 'E_LOADER_PLAN', /shuffle/],
  ])('%j is refused before there is a run', async (plan, code, message) => {
    const place = await storeOf(clips)
    await expect(trainJob({ ...place, ...asked, plan: { ...plan } }, { now })).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    expect(await readdir(place.runsDir)).toEqual([])
  })
})

describe('a clip that cannot be a sample', () => {
  /** Everyone twice, where a batch of points has room for one. */
  const doubled = (clip: Clip): Clip => {
    const cells = (numbers: Float32Array | Uint8Array): number[] => {
      const each = numbers.length / clip.frames
      return Array.from({ length: 2 * numbers.length }, (_, at) => numbers[Math.floor(at / (2 * each)) * each + (at % each)]!)
    }
    return { ...clip, persons: 2, keypoints: Float32Array.from(cells(clip.keypoints!)), states: Uint8Array.from(cells(clip.states!)), raw: Float32Array.from(cells(clip.raw!)) }
  }
  const request = { ...asked, settings: [...settings, 'inputs=points', 'validation=0'] }
  const given = clips.map((clip, i) => (i === 2 ? doubled(clip) : clip))

  test('ends the training unless it is told otherwise', async () => {
    await expect(trainJob({ ...await storeOf(given), ...request }, { now })).rejects.toMatchObject({ code: 'E_LOADER_POINTS' })
  })

  test('is replaced where that is borne, the same by any threads, and the run says which', async () => {
    const place = await storeOf(given)
    const told: string[] = []
    const onBad = { policy: 'quarantine', most: 3 } as const
    const whole = await trainJob({ ...place, ...request, onBad }, { now, onEvent: (event) => { if (event.kind === 'bad') told.push(event.bad.clip) } })
    expect([told, whole.replaced.map(({ clip, code }) => [clip, code])]).toEqual([['penn-action/0002'], [['penn-action/0002', 'E_LOADER_POINTS']]])
    const run = await stoppedAfter(4, place, { ...request, onBad, workers: 2 })
    expect((await trainJob({ ...place, resume: run }, { now })).loss).toEqual(whole.loss)
    const [record, split] = [await readRun(place.runsDir, run), await readSplit(place.storeDir, 'penn-action', 'official')]
    expect(record).toMatchObject({ onBad, replaced: whole.replaced })
    expect(await clipRole({ ...place, catalogFiles: [], record, split, clip: 'penn-action/0002', isMeasured: false })).toMatchObject({ role: 'left out' })
  })
})
