import { spawn } from 'node:child_process'
import type { TrainRequest } from '../../src/jobs/train-request.ts'
import { versions } from '../../src/jobs/versions.ts'
import { listRuns, type RunRecord } from '../../src/train/index.ts'
import { type Cell, type Data, nameOf, type Work, workOf } from './cell.ts'
import type { Place } from './place.ts'

/** Told of each cell once its run is done. */
export type OnTrained = (done: { readonly cell: Cell; readonly run: RunRecord; readonly at: number; readonly of: number }) => void

/**
 * The runs of the cells, by their names. A cell whose run is done is not trained again; a run that was killed goes on from its checkpoint; the others begin,
 * `place.atOnce` at a time, each in a process with one engine thread. A cell that fails ends the table once the trainings beside it have ended, and so does SIGTERM, once each has finished the step at hand.
 */
export async function trained(asked: readonly Cell[], data: Data, place: Place, onTrained: OnTrained): Promise<Map<string, RunRecord>> {
  const cells = [...new Map(asked.map((cell) => [nameOf(cell), cell])).values()]
  const known = { ...await listRuns(place.runsDir), versions: await versions() }
  const found = new Map<string, RunRecord>()
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < cells.length) {
      const at = next++
      const cell = cells[at]!
      const work = workOf(cell, data, known)
      const run = work.kind === 'done' ? work.run : await train(cell, data, work, place)
      found.set(nameOf(cell), run)
      onTrained({ cell, run, at, of: cells.length })
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: place.atOnce }, worker))
  for (const one of ended) if (one.status === 'rejected') throw one.reason
  return found
}

async function train(cell: Cell, data: Data, work: Work, place: Place): Promise<RunRecord> {
  await finished(requestOf(cell, data, work, place), nameOf(cell))
  const after = workOf(cell, data, { ...await listRuns(place.runsDir), versions: await versions() })
  if (after.kind !== 'done') throw new Error(`${nameOf(cell)} was trained, and has no run in "${place.runsDir}"`)
  return after.run
}

function requestOf({ model, action, seed, settings, plan = {} }: Cell, { dataset, split }: Data, work: Work, { storeDir, runsDir, cacheDir }: Place): TrainRequest {
  const common = { storeDir, runsDir, workers: 0, ...(cacheDir === undefined ? {} : { cacheDir }) }
  return work.kind === 'begin' ? { ...common, model, dataset, split: split.name, action, seed, settings, plan, device: 'cpu', threads: 1 } : { ...common, resume: work.run.run }
}

const ENTRY = "await (await import('vite')).runnerImport('./experiments/table/train-cell.ts')"

async function finished(request: TrainRequest, name: string): Promise<void> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', ENTRY, JSON.stringify(request)], { stdio: ['ignore', 'ignore', 'inherit'] })
  const stop = (): void => void child.kill()
  const ends = ['exit', 'SIGTERM'] as const
  for (const end of ends) process.once(end, stop)
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => (code === 0 ? resolve() : reject(new Error(`${name} ended with ${signal ?? code}: the same command goes on with it`))))
  }).finally(() => ends.forEach((end) => process.off(end, stop)))
}
