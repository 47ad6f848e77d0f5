import { readFile } from 'node:fs/promises'
import { sha256 } from '../hash.ts'
import { runFile, type RunRecord, type Step, type Trained, writeRun } from '../train/index.ts'
import type { OpenLoader } from './open-loader.ts'
import { begin, resumed } from './ready-training.ts'
import { runTraining, type TrainEffects } from './run-training.ts'
import { configOf } from './train-config.ts'
import { readLog } from './train-log.ts'
import { writeTrainTable } from './train-table.ts'
import type { TrainRequest } from './train-request.ts'

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
  readonly replaced: RunRecord['replaced']
  /** What the run is used with from here on: its parameters or their moving average, after the best validation or the last step. */
  readonly weights: { readonly of: 'parameters' | 'average'; readonly at: 'best' | 'last' }
  /** Steps whose update the loss scale made skip. */
  readonly skipped: number
}

/** Trains a model as asked, or goes on with a run; leaves the run's folder complete whatever ends it but a kill, and resumable even then. */
export async function trainJob(request: TrainRequest, effects: TrainEffects): Promise<TrainResult> {
  const begun = effects.now()
  const { open, unlock, ...ready } = 'resume' in request ? await resumed(request, effects) : await begin(request, begun, effects)
  const { runsDir, record } = ready
  const ending = (): Pick<RunRecord, 'seconds' | 'ended' | 'replaced'> => {
    const now = effects.now()
    return { seconds: record.seconds + (now - begun) / 1000, ended: new Date(now).toISOString(), replaced: withReplaced(record, open) }
  }
  try {
    const trained = await runTraining(ready, effects)
    const checkpoint = sha256(await readFile(runFile(runsDir, record.run, 'checkpoint')))
    const done: RunRecord = { ...record, ...endOf(trained), checkpoint, ...ending() }
    await writeRun(runsDir, done)
    await writeTrainTable(runsDir, record.run)
    const log = await readLog(runFile(runsDir, record.run, 'log'))
    return resultOf(done, log.filter((line) => 'loss' in line))
  } catch (error) {
    const stopped = error instanceof Error ? error.message : String(error)
    await writeRun(runsDir, { ...record, state: 'failed', stopped, ...ending() }).catch(() => {})
    await writeTrainTable(runsDir, record.run).catch(() => {})
    throw error
  } finally {
    await open.close().finally(unlock)
  }
}

/** The clips replaced so far, each once, by id. */
function withReplaced({ replaced }: RunRecord, { loader: { bad }, source: { clips } }: OpenLoader): RunRecord['replaced'] {
  const named = bad.map(({ row, code, message }) => ({ clip: clips.id(row), code, message }))
  return [...new Map([...replaced, ...named].map((one) => [one.clip, one])).values()].sort((a, b) => (a.clip < b.clip ? -1 : 1))
}

function resultOf(record: RunRecord, log: readonly Step[]): TrainResult {
  const { run, model, steps, seconds, device, state, stopped, best, clips, replaced } = record
  const weights = { of: configOf(record).average.kind === 'none' ? 'parameters' : 'average', at: best === null ? 'last' : 'best' } as const
  const skipped = log.filter(({ gradientNorm }) => gradientNorm === null).length
  return { run, model, steps, loss: log.map(({ loss }) => loss), seconds, device, state, stopped, best, clips, replaced, weights, skipped }
}

/** What is kept of the best parameters, and why training ended, in words. */
function endOf({ checkpoint: { step, best }, ended }: Trained): Pick<RunRecord, 'state' | 'stopped' | 'steps' | 'best'> {
  const kept = best === null ? null : { step: best.step, epoch: best.epoch, value: best.value }
  if (ended === 'interrupted') return { state: 'interrupted', stopped: `interrupted after step ${step}`, steps: step, best: kept }
  return { state: 'done', stopped: ended === 'early' ? `no better value on the validation part since epoch ${kept?.epoch}` : null, steps: step, best: kept }
}
