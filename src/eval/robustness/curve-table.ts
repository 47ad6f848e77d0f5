import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { withDuck } from '../../store/duckdb.ts'
import { readRows } from '../../store/read-parquet.ts'
import { rowTable } from '../../store/shard-tables.ts'
import { columns, writeTable } from '../table-file.ts'
import type { CurvePoint } from './curves.ts'

/** Columns of a run's `robustness.parquet`: a row per point of a curve, per change from the clean clips, and per difference of that from another encoder's. */
const curveColumns = columns('run text, metric text, protocol text, action text, card text, encoder text, against text, kind text, level double, better text, value double, '
  + 'low double, high double, p double, n integer, clips integer, reason text')

/** Writes `robustness.parquet` of a run folder at one stroke; curves of kinds, metrics, protocols or actions that were not measured now stay. */
export async function writeCurves(runDir: string, run: string, points: readonly CurvePoint[]): Promise<string> {
  const keyOf = ({ metric, protocol, action, card, kind }: CurvePoint) => [metric, protocol, action, card, kind].join('\t')
  const taken = new Set(points.map(keyOf))
  const all = [...(await readCurves(runDir)).filter((point) => !taken.has(keyOf(point))), ...points]
  const rows = all.map((point) => [run, ...curveColumns.slice(1).map(({ name }) => point[name as keyof CurvePoint])])
  return writeTable(join(runDir, 'robustness.parquet'), rowTable(curveColumns, rows, { posetta: 'robustness 1', run }))
}

/** The curves of a run; none when they were not measured. */
export async function readCurves(runDir: string): Promise<CurvePoint[]> {
  const file = join(runDir, 'robustness.parquet')
  if (!existsSync(file)) return []
  const rows = await withDuck((duck) => readRows(duck, { files: [file] }, curveColumns), { threads: 1 })
  return rows.map((row) => {
    const { run: _run, ...point } = Object.fromEntries(curveColumns.map(({ name }, at) => [name, row[at]!]))
    return { ...point, n: Number(point['n']), clips: Number(point['clips']) } as CurvePoint
  })
}
