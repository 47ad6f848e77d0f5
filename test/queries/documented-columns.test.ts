import { mkdtemp, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { writeProbes } from '../../src/eval/probes/probe-table.ts'
import { writeCurves } from '../../src/eval/robustness/curve-table.ts'
import { writeMeasures } from '../../src/eval/run-tables.ts'
import { runQuery } from '../../src/queries/index.ts'
import { textOf } from '../sources.ts'

const documented = [...textOf('docs/sql.md').matchAll(/^\| `([a-z]+)` \| ((?:`\w+`,? ?)+)/gm)].map(([, table, columns]) => ({ table: table!, columns: [...columns!.matchAll(/`(\w+)`/g)].map(([, name]) => name!) }))
const columnsIn = async (folder: string, table: string) => (await runQuery({ storeDir: join(folder, 'store'), runsDir: join(folder, 'runs') }, `select * from ${table}`)).columns

describe('docs/sql.md', () => {
  test.each(documented)('names the columns of $table where there is nothing yet', async ({ table, columns }) => {
    expect(await columnsIn(join(tmpdir(), 'posetta-nowhere'), table)).toEqual(columns)
  })

  const writers: Readonly<Record<string, (runDir: string) => Promise<unknown>>> = {
    measures: (runDir) => writeMeasures(runDir, 'run', { measures: [], comparisons: [] }), probes: (runDir) => writeProbes(runDir, 'run', []), robustness: (runDir) => writeCurves(runDir, 'run', []),
  }
  test.each(documented.filter(({ table }) => table in writers))('names the columns of $table that a run has', async ({ table, columns }) => {
    const folder = await mkdtemp(join(tmpdir(), 'posetta-columns-'))
    await mkdir(join(folder, 'runs', 'run'), { recursive: true })
    await writers[table]!(join(folder, 'runs', 'run'))
    expect(await columnsIn(folder, table)).toEqual(columns)
  })
})
