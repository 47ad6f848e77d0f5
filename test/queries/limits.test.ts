import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { totalmem, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { queryToParquet, runQuery, withSession } from '../../src/queries/index.ts'
import { streamRows } from '../../src/queries/run-query.ts'
import { defaultMemory } from '../../src/queries/sandbox.ts'

const folder = mkdtempSync(join(tmpdir(), 'posetta-limits-'))
const place = { storeDir: join(folder, 'store'), runsDir: join(folder, 'runs') }
afterAll(() => rmSync(folder, { recursive: true }))

const endless = 'select count(*) from range(1000000000) a, range(1000000000) b where a.range * b.range % 7 = 3'

describe('memory', () => {
  test('is 2 GiB or 60 % of the machine, whichever is less', () => {
    expect(defaultMemory()).toBe(Math.min(2 ** 31, Math.floor(0.6 * Math.min(totalmem(), process.constrainedMemory() || Infinity))))
  })

  test('that does not suffice is an error with a way out, not the end of the process', async () => {
    await expect(runQuery({ ...place, memoryBytes: 32e6 }, 'select len(list(range)) from range(50000000)')).rejects.toMatchObject({
      code: 'E_SQL_MEMORY', message: expect.stringMatching(/^Out of Memory Error: /), hint: '--memory 4GB allows more; a query over fewer columns or clips needs less', exit: 4 })
  })

  test.each([1, 10e3, 50e3, 80e3])('of %d bytes is too little to begin with: the same error', async (memoryBytes) => {
    await expect(runQuery({ ...place, memoryBytes }, 'select count(*) from joints')).rejects.toMatchObject({ code: 'E_SQL_MEMORY', message: expect.stringMatching(/^Out of Memory Error: [^\n]*$/), exit: 4 })
  })

  test('is spilled where it can be, into a folder that is gone afterwards', async () => {
    const [temporary, scratch] = [process.env['TMPDIR'], mkdtempSync(join(tmpdir(), 'posetta-spill-'))]
    process.env['TMPDIR'] = scratch
    const sorted = await runQuery({ ...place, memoryBytes: 48e6 }, 'select max(n), count(*) from (select row_number() over (order by range % 1000003, range) n from range(4000000))')
    expect(sorted.rows).toEqual([[4000000, 4000000]])
    process.env['TMPDIR'] = temporary
    expect(readdirSync(scratch)).toEqual([])
  })
})

describe('time', () => {
  test('that is up ends the query', async () => {
    await expect(runQuery(place, endless, { timeout: 0.05 })).rejects.toMatchObject({ code: 'E_SQL_TIME', message: 'no answer within 0.05 s', hint: '--timeout SECONDS allows more', exit: 4 })
    await expect(queryToParquet({ ...place, outputFile: join(folder, 'late.parquet') }, endless, { timeout: 0.05 })).rejects.toMatchObject({ code: 'E_SQL_TIME' })
    expect(readdirSync(folder)).toEqual([])
  })

  test('a query that is called off leaves its session open for the next one', async () => {
    await withSession(place, async (connection) => {
      const stop = new AbortController()
      setTimeout(() => stop.abort(new Error('enough')), 50)
      const first = async ({ batches }: { batches: AsyncIterable<unknown> }): Promise<unknown> => { for await (const batch of batches) return batch; return null }
      await expect(streamRows(connection, endless, { signal: stop.signal }, first)).rejects.toThrow('enough')
      expect(await streamRows(connection, 'select 1', {}, first)).toEqual([[1]])
    })
  })
})

test('an answer of any size is read as it is asked for', async () => {
  const read = await withSession(place, (connection) => streamRows(connection, 'from range(100000000)', {}, async ({ columns, batches }) => {
    let rows = 0
    for await (const batch of batches) if ((rows += batch.length) > 5000) break
    return [columns, rows]
  }))
  expect(read).toEqual([['range'], 6144])
})

describe('$name', () => {
  test('stands for a value, as the place needs it, also where the answer goes into a file', async () => {
    expect((await runQuery(place, 'select $what as a, 1 + $n::int as b', { values: { what: "it's", n: '2' } })).rows).toEqual([["it's", 3]])
    expect((await runQuery(place, 'select range from range(5) where range > $n', { values: { n: '3' } })).rows).toEqual([[4]])
    expect(await queryToParquet({ ...place, outputFile: join(folder, 'value.parquet') }, 'select $what as a', { values: { what: 'x' } })).toBe(1)
  })

  test('in a text, a name or a comment is none', async () => {
    expect((await runQuery(place, `select '$a' || $b as "$c" -- $d\n/* $e */, $$ $f $$ as g`, { values: { b: '$x' } }))).toEqual({ columns: ['$c', 'g'], rows: [['$a$x', ' $f ']], truncated: false })
  })

  test('without a value, and values nobody asked for, are refused', async () => {
    await expect(runQuery(place, 'select $what')).rejects.toMatchObject({ code: 'E_SQL_VALUE', message: 'the query needs a value for $what', hint: '--set what=VALUE' })
    await expect(runQuery(place, 'select $what', { values: { what: '1', waht: '2' } })).rejects.toMatchObject({ code: 'E_SQL_VALUE', message: 'no parameter of the query "waht"', hint: 'did you mean "what"? There is: what' })
  })
})
