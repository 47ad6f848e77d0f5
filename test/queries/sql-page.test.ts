import { mkdtempSync, rmSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listSaved, queryToParquet, runQuery } from '../../src/queries/index.ts'
import { macroNames } from '../../src/queries/macros.ts'
import { twinStoreOnce } from '../made-once.ts'
import { textOf } from '../sources.ts'

const page = textOf('docs/sql.md')
const queries = [...page.matchAll(/```sql\n([\s\S]*?)\n```/g)].map(([, sql]) => sql!)
const folder = mkdtempSync(join(tmpdir(), 'posetta-sql-page-'))
const place = { storeDir: join(folder, 'store'), runsDir: join(folder, 'runs') }

beforeAll(async () => {
  await cp(await twinStoreOnce('penn-action', { clips: 60, seed: 1, frames: false }), place.storeDir, { recursive: true })
  await queryToParquet({ ...place, outputFile: join(place.runsDir, 'one/embeddings.parquet') },
    "select clip_id, frame, coalesce(x, 1) as e0, coalesce(y, 1) as e1 from joint('head') where clip_id in (select id from clips order by id limit 2) order by clip_id, frame")
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('docs/sql.md', () => {
  test('has ten worked queries', () => {
    expect(queries).toHaveLength(10)
  })

  test.each(queries)('%s', async (sql) => {
    expect((await runQuery(place, sql)).rows.length).toBeGreaterThan(0)
  })

  test('names every table and all of its columns', async () => {
    const { rows } = await runQuery(place, 'select table_name, list(column_name order by column_index) from duckdb_columns() where not internal group by table_name order by table_name')
    const documented = [...page.matchAll(/^\| `(\w+)` \| ((?:`\w+`(?:, )?)+)/gm)].map(([, table, columns]) => [table, [...columns!.matchAll(/\w+/g)].map(([column]) => column)])
    expect(documented.sort()).toEqual(rows)
  })

  test('names every macro with its arguments and columns', async () => {
    const documented = new Map([...page.matchAll(/^\| `(\w+)\(([^)]*)\)` \| `([^`]*)`/gm)].map(([, name, ...rest]) => [name!, rest]))
    expect([...documented.keys()]).toEqual(macroNames)
    for (const [name, [parameters, columns]] of documented) {
      const values = parameters!.split(', ').map((parameter) => (parameter.startsWith('clip') ? "'x'" : "'head'")).join(', ')
      const found = (await runQuery(place, `from ${name}(${values}) limit 0`)).columns.join(', ')
      const [first, last] = columns!.split('..., ')
      expect([name, found.startsWith(first!), found.endsWith(last ?? first!)]).toEqual([name, true, true])
    }
  })

  test('names every saved query', async () => {
    const documented = [...page.matchAll(/^\| `([a-z-]+)` \| [^`\n|]*(?:`\$[^\n|]*)?\|$/gm)].map(([, name]) => name)
    expect(documented).toEqual(expect.arrayContaining((await listSaved(join(folder, 'nowhere'))).map(({ name }) => name)))
  })
})
