import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answer, posettaHere } from './posetta.ts'

// runs what `npm test` built: bin/run.js on dist/
const folder = mkdtempSync(join(tmpdir(), 'posetta validate é '))
afterAll(() => rmSync(folder, { recursive: true }))

const posetta = (...args: string[]): Promise<Answer> => posettaHere(folder, ...args)

beforeAll(async () => {
  for (const name of ['clean', 'flawed']) {
    await posetta('synth', 'penn-action', name, '--clips', '12', '--json', ...(name === 'flawed' ? ['--flaws'] : []))
    await posetta('ingest', 'penn-action', name, '--store', `${name}-store`, '--json')
  }
})

test('a clean twin: exit 0, remarks only', async () => {
  const { status, json } = await posetta('validate', 'penn-action', '--store', 'clean-store', '--json')
  expect([status, json]).toMatchObject([0, { ok: true, clips: 12, truncated: false, output: null }])
  expect((json['counts'] as { severity: string }[]).filter(({ severity }) => severity !== 'info')).toEqual([])
})

test('flaws: exit 1, each with its code, clip and frames; what is ignored is not told', async () => {
  const { status, json } = await posetta('validate', '--store', 'flawed-store', '--json', '--select', 'off-image', '--select', 'degenerate-box', '--limit', '1')
  expect([status, json]).toMatchObject([1, { ok: true, checks: ['off-image', 'degenerate-box'], truncated: true, counts: [{ code: 'off-image' }, { code: 'degenerate-box' }] }])
  expect((await posetta('validate', '--store', 'flawed-store', '--select', 'off-image', '--ignore', 'off-image')).status).toBe(0)
})

test('all findings to a file, as it is named, and never into the store', async () => {
  for (const name of ['found.parquet', 'found.csv', 'found.json']) expect((await posetta('validate', '--store', 'flawed-store', '--output', name, '--json')).json).toMatchObject({ output: name })
  const total = ((await posetta('validate', '--store', 'flawed-store', '--json')).json['counts'] as { findings: number }[]).reduce((sum, { findings }) => sum + findings, 0)
  expect(JSON.parse(readFileSync(join(folder, 'found.json'), 'utf8'))).toHaveLength(total)
  expect(readFileSync(join(folder, 'found.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(total + 1)
  expect(readFileSync(join(folder, 'found.parquet')).subarray(0, 4).toString()).toBe('PAR1')
  expect(await posetta('validate', '--store', 'flawed-store', '--output', 'flawed-store/found.csv', '--json')).toMatchObject({ status: 2, json: { error: { code: 'E_USAGE' } } })
  expect(existsSync(join(folder, 'flawed-store/found.csv'))).toBe(false)
})

test('an unknown code, and a store without data', async () => {
  expect(await posetta('validate', '--store', 'clean-store', '--ignore', 'joint-teleports', '--json')).toMatchObject({
    status: 2, json: { error: { code: 'E_CHECK_UNKNOWN', message: 'no check "joint-teleports"', hint: expect.stringContaining('did you mean "joint-teleport"?') as string } } })
  expect(await posetta('validate', '--store', 'nowhere', '--json')).toMatchObject({
    status: 2, json: { error: { code: 'E_STORE_EMPTY', message: 'nothing to validate: no data set in store "nowhere"' } } })
})
