import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ToolkitError } from '../../src/errors.ts'
import { streamRows } from '../../src/queries/run-query.ts'
import { queryToParquet, withSession } from '../../src/queries/index.ts'
import { writeClips } from '../../src/store/index.ts'
import { makeClips, skeletons } from '../store/clips.ts'
import { escapes } from './escapes.ts'

const folder = mkdtempSync(join(tmpdir(), 'posetta-escapes-'))
const [storeDir, runsDir, outside] = [join(folder, 'store'), join(folder, 'runs'), join(folder, 'outside')]
const place = { storeDir, runsDir }
const answers = new Map<string, string>()
/** Every file and link below the folder, with its size and time of change. */
const tree = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => `${path} ${statSync(join(folder, path)).size} ${statSync(join(folder, path)).mtimeMs}`).sort()

beforeAll(async () => {
  await writeClips({ storeDir, dataset: 'penn-action', skeletons, clips: makeClips(3).map((clip) => ({ ...clip, id: clip.id.replace('tiny', 'penn-action'), dataset: 'penn-action' })) })
  for (const path of [runsDir, outside, `${storeDir}-other`]) mkdirSync(path)
  for (const [name, text] of [['secret.csv', 'a,b\n1,2\n'], ['secret.json', '{"a": 1}'], ['../secret.csv', 'a\n1\n'], ['../store-other/x', 'x']] as const) writeFileSync(join(outside, name), text)
  await queryToParquet({ ...place, outputFile: join(outside, 'secret.parquet') }, 'select 1 as a')
  symlinkSync(outside, join(storeDir, 'link'))
  symlinkSync(join(outside, 'secret.csv'), join(storeDir, 'link.csv'))
  const [before, cwd] = [tree(), readdirSync('.')]
  // one session for all: what an attempt leaves behind would show in a later one
  await withSession(place, async (connection) => {
    for (const [, sql] of escapes) {
      const attempt = sql.replaceAll('STORE', storeDir).replaceAll('RUNS', runsDir).replaceAll('OUTSIDE', outside)
      const rows = async ({ batches }: { batches: AsyncIterable<unknown> }): Promise<string> => { for await (const batch of batches) return `answered: ${JSON.stringify(batch)}`; return 'answered' }
      answers.set(sql, await streamRows(connection, attempt, {}, rows).catch((error: ToolkitError) => (error.code === undefined ? String(error) : error.code)))
      if (tree().join('\n') !== before.join('\n')) answers.set(sql, 'wrote a file')
    }
    const settings = await connection.runAndReadAll("SELECT name, value FROM duckdb_settings() WHERE name IN ('enable_external_access', 'lock_configuration') ORDER BY name")
    answers.set('settings', JSON.stringify(settings.getRowsJS()))
  })
  answers.set('written', tree().filter((line) => !before.includes(line)).concat(readdirSync('.').filter((name) => !cwd.includes(name))).join())
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('an attempt to do more than read the store and the runs is refused', () => {
  test.each(escapes)('%s: %j', (code, sql) => {
    expect(answers.get(sql)).toBe(code)
  })

  test('and leaves no file, and the settings as they were', () => {
    expect(answers.get('written')).toBe('')
    expect(answers.get('settings')).toBe('[["enable_external_access","false"],["lock_configuration","true"]]')
    expect(readFileSync(join(outside, 'secret.csv'), 'utf8')).toBe('a,b\n1,2\n')
  })
})
