import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { ToolkitError } from '../errors.ts'
import { shellWord } from '../shell-word.ts'
import { readClips } from '../store/index.ts'
import { createRun, readCheckpoint, readRun, runFile, type RunRecord, writeRun } from '../train/index.ts'
import { checkDevice } from './executor-of-device.ts'
import { machine } from './machine.ts'
import { checkModelSettings, clipDims, modelOfConfig } from './model-of-config.ts'
import type { OpenLoader } from './open-loader.ts'
import type { ReadyTraining, TrainEffects } from './run-training.ts'
import { lockRun, type Unlock } from './run-lock.ts'
import { runVersion } from './run-version.ts'
import { checkedWeights } from './start-weights.ts'
import { configOf, trainConfig } from './train-config.ts'
import { openTraining } from './train-loader.ts'
import { readLog } from './train-log.ts'
import type { TrainRequest } from './train-request.ts'
import { type Selection, trainSelection } from './train-selection.ts'
import { viewFrames } from './train-views.ts'
import { versions } from './versions.ts'

/** A training that is ready to begin, its run written by nobody else; and what to close when it is done with. */
export type Ready = ReadyTraining & { readonly open: OpenLoader; readonly unlock: Unlock }

/** A new run's folder with its record, once all that it asks for is known to be possible. */
export async function begin(request: Exclude<TrainRequest, { resume: string }>, begun: number, effects: TrainEffects): Promise<Ready> {
  const { model, dataset, split, version, action, seed, device, threads = availableParallelism(), plan = {}, onBad = { policy: 'fail', most: 100 }, init, isAgain = false, settings, ...place } = request
  const config = trainConfig(settings)
  if (!isAgain) checkModelSettings(model, settings)
  await checkDevice(device, threads, config.precision)
  const selection = await trainSelection({ ...place, dataset, split, version, action, validation: config.validation, dims: clipDims(model, config), isTested: !isAgain })
  const { manifest: { root, commit }, leftOut } = selection
  const frames = viewFrames(config, selection.train)
  const weights = init === undefined ? null : await checkedWeights(init, modelOfConfig(model, config, { skeleton: selection.entry.skeleton, frames }).model)
  const asked = { model, seed, action, config: { ...config }, frames, plan, onBad }
  const open = await openTraining({ ...place, record: asked, selection }, effectsOf(effects))
  return ready(open, { place, selection, kept: null }, async () => lockRun(place.runsDir, await createRun(place.runsDir, {
    ...asked, format: 1, init: weights, dataset, split: { name: split, hash: selection.split.hash }, root, commit, epochs: config.epochs, device, threads, plan: planIn(open),
    clips: { train: open.plan.clips, validation: selection.validation.length, leftOut },
    versions: await versions(), machine: machine(), started: new Date(begun).toISOString(), ended: null, state: 'running', steps: 0, seconds: 0, best: null, stopped: null,
    checkpoint: null, replaced: [],
  })))
}

/** A run to go on with, from where its checkpoint stands. Throws E_RUN_DONE, E_RUN_BUSY. */
export async function resumed({ resume, ...place }: Extract<TrainRequest, { resume: string }>, effects: TrainEffects): Promise<Ready> {
  const { run, unlock } = await lockRun(place.runsDir, await readRun(place.runsDir, resume))
  try {
    return await goingOn(run, place, { effects, unlock })
  } catch (error) {
    await unlock()
    throw error
  }
}

async function goingOn(run: string, place: Omit<Extract<TrainRequest, { resume: string }>, 'resume'>, { effects, unlock }: { effects: TrainEffects; unlock: Unlock }): Promise<Ready> {
  const { storeDir, runsDir } = place
  const record = await readRun(runsDir, run)
  if (record.state === 'done') throw new ToolkitError('E_RUN_DONE', `run ${run} is done (${record.steps} steps)`, { hint: ['posetta', 'eval', run, '--store', storeDir, '--runs', runsDir].map(shellWord).join(' ') })
  const { model, dataset, split, action, frames } = record
  const config = configOf(record)
  await checkDevice(record.device, record.threads, config.precision)
  const selection = await trainSelection({ ...place, dataset, split: split.name, version: await runVersion(storeDir, record), action, validation: config.validation, dims: clipDims(model, config) })
  const kept = await isUnbegun(runsDir, run) ? null : await readCheckpoint(runFile(runsDir, run, 'checkpoint'), modelOfConfig(model, config, { skeleton: selection.entry.skeleton, frames }).model)
  const open = await openTraining({ ...place, record, selection, ...(kept === null ? {} : { state: kept.loader }) }, effectsOf(effects))
  return ready(open, { place, selection, kept }, async () => {
    const running: RunRecord = { ...record, state: 'running', stopped: null, ended: null, checkpoint: null }
    await writeRun(runsDir, running)
    return { record: running, unlock }
  })
}

/** Whether a kill came before the first checkpoint of a run, and so before any step. */
async function isUnbegun(runsDir: string, run: string): Promise<boolean> {
  return !existsSync(runFile(runsDir, run, 'checkpoint')) && (await readLog(runFile(runsDir, run, 'log'))).length === 0
}

/** All that training needs; the loader is closed again when the clips to validate on or the record cannot be had. */
async function ready(
  open: OpenLoader, { place: { storeDir, runsDir }, selection, kept }: { place: { storeDir: string; runsDir: string } } & Pick<ReadyTraining, 'selection' | 'kept'>, begun: () => Promise<Pick<Ready, 'record' | 'unlock'>>,
): Promise<Ready> {
  try {
    return { storeDir, runsDir, selection, kept, validation: await validationClips(storeDir, selection), ...await begun(), loader: open.loader, left: open.plan.left, open }
  } catch (error) {
    await open.close()
    throw error
  }
}

async function validationClips(storeDir: string, { manifest: { dataset, commit }, validation }: Selection): Promise<ReadyTraining['validation']> {
  return validation.length === 0 ? [] : readClips(storeDir, dataset, validation.map(({ id }) => id), { version: commit })
}

function effectsOf({ signal, onEvent }: TrainEffects): Parameters<typeof openTraining>[1] {
  return { signal, tell: (bad) => onEvent?.({ kind: 'bad', bad }) }
}

/** In its normal form, without the seed that the record has anyway. */
function planIn({ plan: { spec: { seed: _seed, ...plan } } }: OpenLoader): RunRecord['plan'] {
  return plan
}
