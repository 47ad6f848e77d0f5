import { ToolkitError } from '../errors.ts'
import { type Checkpoint, readCheckpoint, runFile, type RunRecord, type Step, train } from '../train/index.ts'
import { executorOfDevice } from './executor-of-device.ts'
import type { LoaderRequest } from './loader-request.ts'
import { machine } from './machine.ts'
import { modelOfConfig } from './model-of-config.ts'
import { trainOptions } from './run-training.ts'
import { tolerancesOf, type Tolerances } from './same-bits.ts'
import { startOf } from './start-weights.ts'
import { configOf } from './train-config.ts'
import { openTraining } from './train-loader.ts'
import type { Selection } from './train-selection.ts'
import { versions } from './versions.ts'

/** A step computed again. */
export type Again = {
  /** The step after which it was begun: that of the checkpoint, or 0. */
  readonly from: number
  readonly loss: number | null
  readonly gradientNorm: number | null
  /** As logged: bit for bit where `reasons` is empty, else within the tolerance of docs/lineage.md; null = there is nothing to compare with. */
  readonly same: boolean | null
  /** Why bits are not promised. */
  readonly reasons: readonly string[]
  /** What ended it (E_LOSS); null = the step was taken. */
  readonly ended: string | null
}

/** Trains from the last checkpoint before a step, or from the start of the run, up to the step. Nothing of the run is written. */
export async function stepAgain(
  { place, record, selection, step, logged }: { place: Pick<LoaderRequest, 'storeDir' | 'runsDir' | 'cacheDir'>; record: RunRecord; selection: Selection; step: number; logged: Step | null },
  { signal, onStep }: { signal?: AbortSignal; onStep?: (step: Step) => void },
): Promise<Again> {
  const config = configOf(record)
  const { model, loss } = modelOfConfig(record.model, config, { skeleton: selection.entry.skeleton, frames: record.frames })
  const kept = await readCheckpoint(runFile(place.runsDir, record.run, 'checkpoint'), model).catch(unlessLost)
  const usable = kept !== null && kept.step < step ? kept : null
  const open = await openTraining({ ...place, record, selection, ...(usable === null ? {} : { state: usable.loader }) })
  const start = usable ?? await startOf(record, model, open.loader.state())
  const enough = new AbortController()
  let taken: Step | null = null
  let ended: string | null = null
  try {
    await train({
      ...trainOptions(config, record.seed), patience: 0, model, loss, executor: executorOfDevice(record.device, record.threads), frames: record.frames, steps: open.loader.steps, start, batches: open.loader,
      signal: signal === undefined ? enough.signal : AbortSignal.any([signal, enough.signal]),
      onStep: (one) => {
        onStep?.(one)
        if (one.step < step) return
        taken = one
        enough.abort()
      },
    })
  } catch (error) {
    if (!(error instanceof ToolkitError) || error.code !== 'E_LOSS') throw error
    ended = error.message
  } finally {
    await open.close()
  }
  signal?.throwIfAborted()
  const tolerances = tolerancesOf(record, { machine: machine(), versions: await versions() })
  return { from: start.step, ended, reasons: tolerances.reasons, ...compared(taken, logged, tolerances) }
}

function compared(now: Step | null, was: Step | null, { loss, reasons }: Tolerances): Pick<Again, 'loss' | 'gradientNorm' | 'same'> {
  const isNear = now !== null && was !== null && Math.abs(now.loss - was.loss) <= loss && (reasons.length > 0 || now.gradientNorm === was.gradientNorm)
  return { loss: now?.loss ?? null, gradientNorm: now?.gradientNorm ?? null, same: was === null ? null : isNear }
}

/** A checkpoint that cannot be read is as good as none. */
function unlessLost(error: unknown): Checkpoint | null {
  if (error instanceof ToolkitError) return null
  throw error
}
