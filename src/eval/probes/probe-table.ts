import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { withDuck } from '../../store/duckdb.ts'
import { readRows } from '../../store/read-parquet.ts'
import { rowTable } from '../../store/shard-tables.ts'
import { columns, writeTable } from '../table-file.ts'
import { probeNames } from './orders.ts'
import type { Probed } from './probe-encoder.ts'
import { type Verdict, warningOf } from './verdict.ts'

/** Columns of a run's `probes.parquet`: a row per encoder, the run's own first. */
const probeColumns = columns(`run text, encoder text, verdict text, clips integer, ${probeNames.flatMap((name) => [`${name}_content double`, `${name}_index double`]).join(', ')}, `
  + 'spread double, variation double, rank double')

/** Writes `probes.parquet` of a run folder at one stroke, in place of those before. */
export async function writeProbes(runDir: string, run: string, probes: readonly Probed[]): Promise<string> {
  const rows = probes.map((probed) => [run, probed.encoder, probed.verdict, probed.clips,
    ...probeNames.flatMap((name) => [probed[name].content, probed[name].index]), probed.spread, probed.variation, probed.rank])
  return writeTable(join(runDir, 'probes.parquet'), rowTable(probeColumns, rows, { posetta: 'probes 1', run }))
}

/** The probes of a run; none when it was evaluated before there were any. */
export async function readProbes(runDir: string): Promise<Probed[]> {
  const file = join(runDir, 'probes.parquet')
  if (!existsSync(file)) return []
  const rows = await withDuck((duck) => readRows(duck, { files: [file] }, probeColumns), { threads: 1 })
  return rows.map((row) => {
    const record = Object.fromEntries(probeColumns.map(({ name }, at) => [name, row[at]!]))
    const followings = probeNames.map((name) => [name, { content: record[`${name}_content`], index: record[`${name}_index`] }])
    return { encoder: record['encoder'], verdict: record['verdict'], warning: warningOf(record['verdict'] as Verdict | null), clips: Number(record['clips']), ...Object.fromEntries(followings),
      spread: record['spread'], variation: record['variation'], rank: record['rank'] } as Probed
  })
}
