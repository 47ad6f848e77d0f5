import { readCatalog, entryOf } from '../catalog.ts'
import { modelEncoder, type ModelEncoder } from '../eval/embed.ts'
import type { Model, Weights } from '../models/index.ts'
import { readRun, readWeights, runFile, type RunRecord } from '../train/index.ts'
import { checkDevice, executorOfDevice } from './executor-of-device.ts'
import { modelOfConfig } from './model-of-config.ts'
import { filmsOf } from './model-pictures.ts'
import { configOf } from './train-config.ts'

/**
 * The encoder of a run: its best weights on the validation part, what of a clip reaches it, its rule for long clips. Close it when done.
 * Throws E_RUN_UNKNOWN, E_CHECKPOINT.
 */
export async function runEncoder({ storeDir, version, runsDir, run, catalogFiles = [], device, threads, weights }: {
  /** Where the clips are that it embeds, and of which version, the newest unless named: a model that sees pictures finds them there. */
  storeDir?: string; version?: string | undefined
  runsDir: string; run: string; catalogFiles?: readonly string[]; device?: string; threads?: number
  /** Takes these in place of the checkpoint's: an untrained encoder of the same shape. */
  weights?: (model: Model, record: RunRecord) => Weights
}): Promise<{ encoder: ModelEncoder; record: RunRecord; model: Model }> {
  const record = await readRun(runsDir, run)
  await checkDevice(device ?? record.device, threads ?? record.threads)
  const config = configOf(record)
  const entry = entryOf(await readCatalog(catalogFiles), record.dataset)
  const { model, inputs } = modelOfConfig(record.model, config, { skeleton: entry.skeleton, frames: record.frames })
  const used = weights?.(model, record) ?? await readWeights(runFile(runsDir, record.run, 'checkpoint'), model)
  const encoder = modelEncoder({
    name: record.model, model, weights: used, executor: executorOfDevice(device ?? record.device, threads ?? record.threads), inputs,
    skeleton: entry.skeleton, frames: record.frames, longClips: config.longClips, films: storeDir === undefined ? undefined : filmsOf(inputs, config, { storeDir, ...(version === undefined ? {} : { version }) }),
  })
  return { encoder, record, model }
}
