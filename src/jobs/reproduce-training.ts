import { readFile } from 'node:fs/promises'
import { decodeSafetensors } from '../engine/index.ts'
import { ToolkitError } from '../errors.ts'
import { fewNames } from '../few-names.ts'
import { type Hash, sha256 } from '../hash.ts'
import { readRun, runFile, type RunRecord } from '../train/index.ts'
import { compare, type Difference, type Findings, firstOf, type Note } from './difference.ts'
import type { TrainEffects } from './run-training.ts'
import type { Tolerances } from './same-bits.ts'
import { trainJob } from './train.ts'
import { configOf, settingsOf } from './train-config.ts'
import { readLog } from './train-log.ts'

/**
 * Trains again with the config, plan, seed, device and threads of a run into `again`, on training shards of its own, as far as the run went, and compares log, validations and checkpoint. Answers
 * also the name of the run made. Throws what `trainJob` throws, and E_RUN_UNFINISHED for a run that did not end by itself or by an interruption.
 */
export async function reproduceTraining({ storeDir, runsDir, again, cacheDir, catalogFiles, record, commit, tolerances }: {
  storeDir: string; runsDir: string; again: string; cacheDir: string; catalogFiles: readonly string[]; record: RunRecord; commit: Hash; tolerances: Tolerances
}, { now, signal, onEvent }: TrainEffects): Promise<Findings & { run: string }> {
  const { run, model, dataset, split, action, seed, device, threads, plan, onBad, init, state, steps } = record
  if (state !== 'done' && state !== 'interrupted') throw new ToolkitError('E_RUN_UNFINISHED', `run ${run} is ${state}: there is no end to compare with`, { hint: `posetta train --resume ${run}` })
  const enough = new AbortController()
  const result = await trainJob({ storeDir, runsDir: again, catalogFiles, model, dataset, split: split.name, version: commit, action, seed, device, threads, plan, onBad, ...(init === null ? {} : { init }), settings: settingsOf(configOf(record)), isAgain: true, cacheDir }, {
    now, signal: signal === undefined ? enough.signal : AbortSignal.any([signal, enough.signal]),
    onEvent: (event) => {
      if (state === 'interrupted' && event.kind === 'step' && event.step.step >= steps) enough.abort()
      onEvent?.(event)
    },
  })
  signal?.throwIfAborted()
  const made = await readRun(again, result.run)
  const counted = compare('steps', steps, made.steps)
  const clips = compare('clips trained on, kept for validation, left out', Object.values(record.clips).join(', '), Object.values(made.clips).join(', '))
  const logs = await compareLogs(runFile(runsDir, run, 'log'), runFile(again, made.run, 'log'), tolerances)
  return { run: made.run, notes: replacedNote(record, made), differences: [...counted, ...clips, ...logs, ...await compareCheckpoints({ runsDir, again, record, made, tolerances })] }
}

/** Clips that can be read now and could not then, or the other way round, are why numbers differ. */
function replacedNote(...[was, is]: readonly [RunRecord, RunRecord]): Note[] {
  const [before, now] = [was, is].map(({ replaced }) => (replaced.length === 0 ? 'none' : fewNames(replaced.map(({ clip }) => clip)))) as [string, string]
  return before === now ? [] : [{ what: 'clips that could not be read', was: before, is: now }]
}

/** Step by step; where bits are not promised, gradients and what was the best may differ as they please. */
async function compareLogs(was: string, is: string, { loss, reasons }: Tolerances): Promise<Difference[]> {
  const [before, now] = [await readLog(was), await readLog(is)]
  const of = (kind: 'loss' | 'rate' | 'gradientNorm' | 'validation'): Difference[] => {
    const valuesOf = (log: typeof before) => new Map(log.flatMap((line) => (kind in line ? [[line.step, (line as unknown as Record<string, number>)[kind]!] as const] : [])))
    const [a, b] = [valuesOf(before), valuesOf(now)]
    return firstOf([...new Set([...a.keys(), ...b.keys()])].sort((x, y) => x - y).flatMap((step) => compare(`${kind} at step ${step}`, a.get(step) ?? null, b.get(step) ?? null, loss)))
  }
  return [...of('loss'), ...of('validation'), ...(reasons.length > 0 ? [] : [...of('rate'), ...of('gradientNorm')])]
}

/** The tensors, and, where those are the same, the file: its metadata name run and versions, so that only its own sha256 tells. */
async function compareCheckpoints({ runsDir, again, record, made, tolerances }: {
  runsDir: string; again: string; record: RunRecord; made: RunRecord; tolerances: Tolerances
}): Promise<Difference[]> {
  const [was, is] = [await checkpointOf(runFile(runsDir, record.run, 'checkpoint')), await checkpointOf(runFile(again, made.run, 'checkpoint'))]
  if (typeof was === 'string') return [{ what: 'checkpoint', was, is: is instanceof Object ? is.hash : is, tolerance: null }]
  if (typeof is === 'string') throw new Error(`the checkpoint made anew: ${is}`)
  if (was.hash === is.hash) return record.checkpoint === null ? [] : compare('file of the checkpoint', record.checkpoint, was.file)
  if (tolerances.reasons.length === 0) return compare('tensors of the checkpoint', was.hash, is.hash)
  return compare('tensors of the checkpoint: distance over length', 0, distance(was.tensors, is.tensors), tolerances.parameters)
}

type Tensors = ReadonlyMap<string, Float32Array>

/** The parameters of a checkpoint with the sha256 of all its tensors and of the file; a text where it cannot be read. */
async function checkpointOf(file: string): Promise<{ tensors: Tensors; hash: Hash; file: Hash } | string> {
  try {
    const bytes = new Uint8Array(await readFile(file))
    const tensors = Object.entries(decodeSafetensors(bytes, file).tensors).sort(([a], [b]) => (a < b ? -1 : 1))
    const parts = tensors.flatMap(([name, { shape, data }]) => [`${name} ${shape.join()}\n`, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)])
    return { tensors: new Map(tensors.filter(([name]) => !name.startsWith('resume.')).map(([name, { data }]) => [name, data])), hash: sha256(...parts), file: sha256(bytes) }
  } catch (error) {
    if (error instanceof ToolkitError || (error as NodeJS.ErrnoException).code !== undefined) return `cannot be read: ${(error as Error).message}`
    throw error
  }
}

/** |b - a| / |a| over all parameters; infinite where they have other shapes. */
function distance(a: Tensors, b: Tensors): number {
  let [apart, length] = [0, 0]
  for (const [name, values] of a) {
    const others = b.get(name)
    if (others?.length !== values.length) return Infinity
    for (let at = 0; at < values.length; at++) {
      apart += (others[at]! - values[at]!) ** 2
      length += values[at]! ** 2
    }
  }
  return Math.sqrt(apart / length)
}
