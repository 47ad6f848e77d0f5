import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { ToolkitError } from '../errors.ts'
import { sha256 } from '../hash.ts'
import { createRun, readRun, runFile, type RunRecord, type Trained, writeRun } from '../train/index.ts'
import { chainOf } from '../transforms/index.ts'
import { executorOfDevice } from './executor-of-device.ts'
import { modelOfConfig } from './model-of-config.ts'
import { runTraining, type TrainEffects } from './run-training.ts'
import { runVersion } from './run-version.ts'
import { machine } from './machine.ts'
import { configOf, trainConfig } from './train-config.ts'
import { readLog } from './train-log.ts'
import { type Selection, trainSelection } from './train-selection.ts'
import { trainViews, viewFrames } from './train-views.ts'
import { versions } from './versions.ts'

/** What `posetta train` asks for, as plain data: it crosses to a worker thread. */
export type TrainRequest = {
  readonly storeDir: string
  readonly runsDir: string
  readonly catalogFiles?: readonly string[]
  readonly threads?: number | null
} & ({
  readonly model: string
  readonly dataset: string
  readonly split: string
  /** Of the data set; left out: the newest. */
  readonly version?: string | undefined
  readonly action: string | null
  readonly seed: number
  readonly device: string
  /** `key=value`, see TrainConfig. */
  readonly settings: readonly string[]
  /** It is compared with a run there is, and never evaluated on clips that were purged since. */
  readonly isAgain?: boolean
} | {
  /** A run to go on with; everything else is as it was. */
  readonly resume: string
})

export type TrainResult = {
  readonly run: string
  readonly model: string
  readonly steps: number
  /** Of every step. */
  readonly loss: readonly number[]
  readonly seconds: number
  readonly device: string
  readonly state: RunRecord['state']
  readonly stopped: string | null
  readonly best: RunRecord['best']
  readonly clips: RunRecord['clips']
}

/** Trains a model as asked, or goes on with a run; leaves the run's folder complete whatever ends it but a kill, and resumable even then. */
export async function trainJob(request: TrainRequest, effects: TrainEffects): Promise<TrainResult> {
  const begun = effects.now()
  const { record, selection } = 'resume' in request ? await resumed(request) : await begin(request, begun)
  const seconds = (): number => record.seconds + (effects.now() - begun) / 1000
  const ended = (): string => new Date(effects.now()).toISOString()
  try {
    const trained = await runTraining({ runsDir: request.runsDir, record, selection, resume: 'resume' in request }, effects)
    const checkpoint = sha256(await readFile(runFile(request.runsDir, record.run, 'checkpoint')))
    const done: RunRecord = { ...record, ...endOf(trained), checkpoint, seconds: seconds(), ended: ended() }
    await writeRun(request.runsDir, done)
    const log = await readLog(runFile(request.runsDir, record.run, 'log'))
    return resultOf(done, log.flatMap((line) => ('loss' in line ? [line.loss] : [])))
  } catch (error) {
    const stopped = error instanceof Error ? error.message : String(error)
    await writeRun(request.runsDir, { ...record, state: 'failed', stopped, seconds: seconds(), ended: ended() }).catch(() => {})
    throw error
  }
}

type Begun = { readonly record: RunRecord; readonly selection: Selection }

/** A new run's folder with its record and a checkpoint of the start. */
async function begin(request: Exclude<TrainRequest, { resume: string }>, begun: number): Promise<Begun> {
  const { storeDir, runsDir, catalogFiles, model, dataset, split, version, action, seed, device, threads = availableParallelism(), isAgain = false } = request
  const config = trainConfig(request.settings)
  executorOfDevice(device, threads)
  const selection = await trainSelection({ storeDir, dataset, split, version, action, validation: config.validation, isTested: !isAgain, catalogFiles })
  const frames = viewFrames(config, selection.train)
  const { skeleton } = selection.entry
  modelOfConfig(model, config, { skeleton, frames })
  for (const steps of trainViews(config)) chainOf(steps, { skeleton, frames })
  const record = await createRun(runsDir, {
    format: 1, model, dataset, split: { name: split, hash: selection.split.hash }, root: selection.root, commit: selection.commit, action, seed, epochs: config.epochs, device, threads,
    config: { ...config }, frames, clips: { train: selection.train.length, validation: selection.validation.length, leftOut: selection.leftOut },
    versions: await versions(), machine: machine(), started: new Date(begun).toISOString(), ended: null, state: 'running', steps: 0, seconds: 0, best: null, stopped: null,
    checkpoint: null,
  })
  return { record, selection }
}

async function resumed({ storeDir, runsDir, catalogFiles, resume }: Extract<TrainRequest, { resume: string }>): Promise<Begun> {
  const record = await readRun(runsDir, resume)
  if (record.state === 'done') throw new ToolkitError('E_RUN_DONE', `run ${record.run} is done (${record.steps} steps)`, { hint: `posetta eval ${record.run}` })
  const { dataset, split, action } = record
  const version = await runVersion(storeDir, record)
  const selection = await trainSelection({ storeDir, dataset, split: split.name, version, action, validation: configOf(record).validation, catalogFiles })
  const running: RunRecord = { ...record, state: 'running', stopped: null, ended: null, checkpoint: null }
  await writeRun(runsDir, running)
  return { record: running, selection }
}

function resultOf(record: RunRecord, loss: readonly number[]): TrainResult {
  const { run, model, steps, seconds, device, state, stopped, best, clips } = record
  return { run, model, steps, loss, seconds, device, state, stopped, best, clips }
}

/** What is kept of the best parameters, and why training ended, in words. */
function endOf({ checkpoint: { step, best }, ended }: Trained): Pick<RunRecord, 'state' | 'stopped' | 'steps' | 'best'> {
  const kept = best === null ? null : { step: best.step, epoch: best.epoch, value: best.value }
  if (ended === 'interrupted') return { state: 'interrupted', stopped: `interrupted after step ${step}`, steps: step, best: kept }
  return { state: 'done', stopped: ended === 'early' ? `no better value on the validation part since epoch ${kept?.epoch}` : null, steps: step, best: kept }
}
