import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { queryToParquet, runQuery } from '../../src/queries/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'posetta-sql-error-'))
const place = { storeDir: join(folder, 'store'), runsDir: join(folder, 'runs') }
const messageOf = (sql: string): Promise<string> => runQuery(place, sql).then(() => 'no error', (error: Error) => error.message)

describe('an error shows the place', () => {
  test('of a column that is not there, with the nearest one', async () => {
    expect(await messageOf('select id,\n  actoin from clips')).toBe([
      'Binder Error: Referenced column "actoin" not found in FROM clause!', 'Candidate bindings: "action", "has_keypoints", "skeleton", "joints", "scene"', '', 'line 2, column 3', '    actoin from clips', '    ^'].join('\n'))
  })

  test('of a table that is not there', async () => {
    expect(await messageOf('from clip')).toBe(['Catalog Error: Table with name clip does not exist!', 'Did you mean "clips"?', '', 'line 1, column 6', '  from clip', '       ^'].join('\n'))
  })

  test('of a word that does not parse; letters count, not bytes; blanks before count', async () => {
    expect(await messageOf("\n  select 'éü' fro m m")).toBe(['Parser Error: syntax error at or near "m"', '', 'line 2, column 19', "    select 'éü' fro m m", '                    ^'].join('\n'))
    expect(await messageOf("select 'éü' as a, foo")).toMatch(/\nline 1, column 19\n/)
    expect(await messageOf("select 'éü' as a from jont('x')")).toMatch(/\nline 1, column 23\n/)
  })

  test('under EXPLAIN, too', async () => {
    expect(await messageOf('explain  analyze select actoin from clips')).toMatch(/\n\nline 1, column 25\n {2}explain {2}analyze select actoin from clips\n {26}\^$/)
  })

  test('at the end', async () => {
    expect(await messageOf('values (1')).toBe('Parser Error: syntax error at end of input\n\nline 1, column 10\n  values (1\n           ^')
  })

  test('on a long line, with what stands around it', async () => {
    const [, , place, line, caret] = (await messageOf(`select ${'1+'.repeat(200)}foo${'+1'.repeat(200)}`)).split('\n')
    expect([place, line!.length, line!.slice(0, 5), line!.slice(-3), line!.indexOf('foo')]).toEqual(['line 1, column 408', 108, '  ...', '...', caret!.indexOf('^')])
  })

  test('where the answer goes into a file', async () => {
    await expect(queryToParquet({ ...place, outputFile: join(folder, 'answer.parquet') }, 'select id, actoin from clips')).rejects.toMatchObject({ message: expect.stringMatching(/\n\nline 1, column 12\n.*\n {13}\^$/) })
  })

  test('but none where DuckDB knows none', async () => {
    expect(await messageOf("select error('mine')")).toBe('Invalid Input Error: mine')
    expect(await messageOf('select')).toBe('Parser Error: SELECT clause without selection list')
  })
})
