import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lintText } from '../../../src/cli/lint-text.ts'
import { lintLevels } from '../../../src/queries/lint/lint-finding.ts'
import { type Linter, withLinter } from '../../../src/queries/lint/lint-sql.ts'
import { filesOf, textOf } from '../../sources.ts'
import { bad, marked } from './bad.ts'
import { good } from './good.ts'

let lint: Linter
let done: () => void
let closed: Promise<void>
beforeAll(async () => {
  await new Promise<void>((open) => {
    closed = withLinter((linter) => new Promise<void>((resolve) => {
      [lint, done] = [linter, resolve]
      open()
    }))
  })
})
afterAll(() => {
  done()
  return closed
})

const found = async (sql: string): Promise<string[]> => (await lint(sql)).map(({ code, line, column }) => `${code} ${line}:${column}`)

describe('finds, and says where', () => {
  test.each(bad.map(marked))('$sql', async ({ sql, expected }) => {
    expect(await found(sql)).toEqual(expected)
  })
})

describe('finds nothing in', () => {
  test.each(good)('%s', async (sql) => {
    expect(await found(sql)).toEqual([])
  })

  test.each(filesOf('src', '.sql'))('%s', async (path) => {
    expect(await found(textOf(path))).toEqual([])
  })
})

test('says what to do, as editors read it', async () => {
  const findings = (await lint('select id from clips\norder by action limit 1')).map((finding) => ({ file: 'a.sql', ...finding }))
  expect(lintText({ files: 1, findings })).toBe([
    'a.sql:2:10: warn: rows may tie in this ORDER BY, and which of them are kept may change: add a column that tells them apart, such as clip_id (ties)', '1 file, 0 errors, 1 warnings'].join('\n'))
})

test('docs/splits.md has every code with its level', () => {
  const rows = [...textOf('docs/splits.md').matchAll(/^\| `([a-z-]+)` \| (error|warn) \|/gm)].map(([, code, level]) => [code, level])
  expect(rows).toEqual(Object.entries(lintLevels))
})
