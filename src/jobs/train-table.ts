import { join } from 'node:path'
import { columns, writeTable } from '../eval/table-file.ts'
import { rowTable } from '../store/shard-tables.ts'
import { runFile, runFiles } from '../train/index.ts'
import { readLog, readTiming } from './train-log.ts'

/** Columns of a run's `training.parquet`: a row per step; `validation` and `best` where it was validated after the step, times where they were kept. */
const trainingColumns = columns('run text, step integer, epoch integer, loss double, gradient_norm double, rate double, validation double, best boolean, '
  + 'seconds double, wait_seconds double, samples integer')

/** Writes the logs of a run as `training.parquet`, at one stroke, for SQL. */
export async function writeTrainTable(runsDir: string, run: string): Promise<void> {
  const log = await readLog(runFile(runsDir, run, 'log'))
  const times = new Map((await readTiming(runFile(runsDir, run, 'timing'))).map((line) => [line.step, line]))
  const validations = new Map(log.flatMap((line) => ('validation' in line ? [[line.step, line] as const] : [])))
  const rows = log.flatMap((line) => {
    if (!('loss' in line)) return []
    const { step, epoch, loss, gradientNorm, rate } = line
    const [took, validation] = [times.get(step), validations.get(step)]
    return [[run, step, epoch, loss, gradientNorm, rate, validation?.validation ?? null, validation?.best ?? null, took?.seconds ?? null, took?.waitSeconds ?? null, took?.samples ?? null]]
  })
  await writeTable(join(runsDir, run, runFiles.table), rowTable(trainingColumns, rows, { posetta: 'training 1', run }))
}
