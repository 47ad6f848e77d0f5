import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { replayText } from '../../src/cli/replay-text.ts'
import { decodeSafetensors } from '../../src/engine/index.ts'
import { openTraining } from '../../src/jobs/train-loader.ts'
import { replayJob } from '../../src/jobs/replay.ts'
import { trainSelection } from '../../src/jobs/train-selection.ts'
import { trainJob, type TrainResult } from '../../src/jobs/train.ts'
import { readRun, runFile, writeRun } from '../../src/train/index.ts'
import { temporaryFolder } from '../store/folder.ts'
import { lastingFolder, storeOf, swinging } from './penn-store.ts'

const clips = [...Array.from({ length: 9 }, (_, i) => swinging(i)), swinging(90)]
// twelve frames of one person, taken for six of two: points cannot be made of them
const twelve = swinging(1, { frames: 12 })
const withBad = clips.map((clip, i) => (i === 1 ? { ...twelve, persons: 2, frames: 6, time: twelve.time.slice(0, 6) } : clip))
const settings = ['profile=tiny', 'frames=12', 'batch=4', 'validation=0', 'epochs=3', 'inputs=points']
const plan = { pairs: { same: 'action', differs: 'group' } }
const asked = { model: 'la2ds', dataset: 'penn-action', split: 'official', action: null, seed: 1, device: 'cpu', settings, threads: 1 }
const now = () => 0
const quiet = { check: false, rawDir: null, output: null }

let place: Awaited<ReturnType<typeof storeOf>>
let whole: TrainResult
beforeAll(async () => {
  place = await storeOf(clips, lastingFolder)
  whole = await trainJob({ ...place, ...asked, plan }, { now })
})

/** The batches of a run as its loader hands them out, from the first on. */
async function batchesOf({ storeDir, runsDir }: typeof place, run: string) {
  const record = await readRun(runsDir, run)
  const selection = await trainSelection({ storeDir, runsDir, dataset: record.dataset, split: record.split.name, version: record.commit!, action: record.action, validation: 0 })
  const open = await openTraining({ storeDir, runsDir, record, selection })
  const batches = []
  for await (const { ids, partners, tensors, epoch } of open.loader) batches.push({ ids, partners, epoch, tensors: structuredClone(tensors) })
  await open.close()
  return batches
}

describe('a step of a run', () => {
  test.each([['pairs', plan], ['windows', { windows: { frames: 8, stride: 4, rest: 'drop' } }]])('of %s has the clips, frames and numbers that its batch had', async (kind, plan) => {
    const { run, steps } = kind === 'pairs' ? whole : await trainJob({ ...place, ...asked, plan, settings: [...settings, 'epochs=1'] }, { now })
    const batches = await batchesOf(place, run)
    expect(batches.length).toBe(steps)
    for (const step of [1, 2, steps]) {
      const output = join(await temporaryFolder(), 'batch.safetensors')
      const { epoch, samples, fed } = await replayJob({ ...place, ...quiet, run, step, output })
      const batch = batches[step - 1]!
      expect([epoch, samples.map(({ views }) => views[0]!.clip), samples.map(({ views }) => views[1]!.clip)]).toEqual([batch.epoch, batch.ids, batch.partners ?? batch.ids])
      expect(samples.every(({ window, place: named }) => (kind === 'pairs' ? window === null : window!.end - window!.start === 8 && named.includes(`@${window!.start}`)))).toBe(true)
      const { tensors, metadata } = decodeSafetensors(new Uint8Array(await readFile(output)), output)
      for (const [name, tensor] of Object.entries(batch.tensors)) expect(tensors[name]).toEqual(tensor)
      expect([metadata['step'], fed.map(({ name }) => name).sort()]).toEqual([String(step), Object.keys(tensors).sort()])
      // the frames that the table names are those that the loss saw, row by row
      const { shape: [, frames], data } = batch.tensors['time']!
      for (const [row, { views }] of samples.entries()) {
        for (const [view, { time }] of views.entries()) {
          const first = (view * samples.length + row) * frames!
          expect(time).toEqual(Array.from(data.subarray(first, first + time.length)))
        }
      }
    }
  })

  test('says what was logged, and computes it again to the last bit, without a checkpoint before it from the start', async () => {
    const { logged, check } = await replayJob({ ...place, ...quiet, run: whole.run, step: 3, check: true })
    expect(logged!.loss).toBe(whole.loss[2])
    expect(check).toEqual({ from: 0, loss: logged!.loss, gradientNorm: logged!.gradientNorm, same: true, reasons: [], ended: null })
  })

  test('is computed from the checkpoint where that lies before it', async () => {
    const stop = new AbortController()
    const cut = await trainJob({ ...place, ...asked, plan }, { now, signal: stop.signal, onEvent: (event) => { if (event.kind === 'step' && event.step.step === 2) stop.abort() } })
    const replay = await replayJob({ ...place, ...quiet, run: cut.run, step: 4, check: true })
    expect([cut.steps, replay.logged, replay.check]).toMatchObject([2, null, { from: 2, loss: whole.loss[3], same: null, ended: null }])
  })

  test('whose logged loss is another one is told of', async () => {
    const { run } = await trainJob({ ...place, ...asked, plan, settings: [...settings, 'epochs=1'] }, { now })
    const log = runFile(place.runsDir, run, 'log')
    const text = await readFile(log, 'utf8')
    await writeFile(log, text.replace(/"loss":[\d.]+/, '"loss":0.5'))
    const replay = await replayJob({ ...place, ...quiet, run, step: 1, check: true })
    expect(replay.check!.same).toBe(false)
    expect(replayText(replay)).toMatch(/^step 1 of run .*, epoch 0: loss 0\.5, .*computed again from the start of the run: loss [\d.]+, gradient [\d.]+, which is NOT what was logged$/s)
  })

  test('in which clips were replaced names both', async () => {
    const bad = await storeOf(withBad)
    const { run } = await trainJob({ ...bad, ...asked, onBad: { policy: 'skip', most: 5 } }, { now })
    const batches = await batchesOf(bad, run)
    const steps = await Promise.all(batches.map((_, i) => replayJob({ ...bad, ...quiet, run, step: i + 1 })))
    expect(steps.map(({ samples }) => samples.map(({ views }) => views[0]!.clip))).toEqual(batches.map(({ ids }) => ids))
    const replaced = steps.flatMap(({ samples }) => samples.flatMap(({ insteadOf }) => (insteadOf === null ? [] : [insteadOf])))
    expect(replaced).toEqual(['penn-action/0001', 'penn-action/0001', 'penn-action/0001'])
  })

  test('that ended the run is told with where it went wrong', async () => {
    const { run } = await trainJob({ ...place, ...asked, settings: [...settings, 'learningRate=0'] }, { now })
    const record = await readRun(place.runsDir, run)
    await writeRun(place.runsDir, { ...record, config: { ...record.config, temperature: 1e-45 } })
    const { check } = await replayJob({ ...place, ...quiet, run, step: 1, check: true })
    expect(check).toMatchObject({ from: 0, loss: null, same: false, ended: expect.stringMatching(/^the loss is NaN at step 1, epoch 0, on penn-action.* is the first of the forward pass that is not finite/) as string })
  })
})

describe('refuses', () => {
  test.each([0, -1, 1000])('step %d, with those there are', async (step) => {
    await expect(replayJob({ ...place, ...quiet, run: whole.run, step })).rejects.toMatchObject({
      code: 'E_STEP_UNKNOWN', message: `run ${whole.run} has no step ${step}`, hint: `it has steps 1 to ${whole.steps}` })
  })

  test('a store with other data, and one with another split of that name, naming both', async () => {
    const other = await storeOf([swinging(40), swinging(41)])
    await expect(replayJob({ ...place, storeDir: other.storeDir, ...quiet, run: whole.run, step: 1 })).rejects.toMatchObject({ code: 'E_VERSION_GONE' })
    const { storeDir, runsDir } = await storeOf(clips)
    const record = await readRun(place.runsDir, whole.run)
    await mkdir(join(runsDir, whole.run))
    await writeRun(runsDir, { ...record, split: { ...record.split, hash: 'f'.repeat(64) } })
    await expect(replayJob({ storeDir, runsDir, ...quiet, run: whole.run, step: 1 })).rejects.toMatchObject({
      code: 'E_SPLIT_CHANGED', message: `run ${whole.run} was trained on split "official" of hash ffffffffffff, in the store it has ${record.split.hash.slice(0, 12)}` })
  })
})
