import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { root } from '../sources.ts'

const folder = mkdtempSync(join(tmpdir(), 'posetta-same-'))
afterAll(() => rmSync(folder, { recursive: true }))

const splits: readonly (readonly string[])[] = [
  ['--protocol', 'official'], ['--make', 'hash', '--shares', '70/10/20'], ['--make', 'kfold', '--k', '3', '--salt', 'é'], ['--make', 'long-tail', '--of', 'official', '--factor', '4']]

/** Runs a command in a folder of its own, in a time zone and a language; what it answers. */
async function posetta(cwd: string, env: Record<string, string>, ...args: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'bin/run.js'), ...args, '--json'], { cwd, env: { ...process.env, ...env } })
  return JSON.parse(stdout) as Record<string, unknown>
}

/** Ingests a copy of the raw data at a path of its own and splits it in every way: root, commit and the hashes of the splits. */
async function everything(raw: string, path: string, jobs: number, env: Record<string, string>): Promise<unknown> {
  const place = join(folder, path)
  mkdirSync(place, { recursive: true })
  cpSync(raw, join(place, 'raw'), { recursive: true })
  const { root, commit } = await posetta(place, env, 'ingest', 'penn-action', 'raw', '--jobs', String(jobs))
  const hashes: unknown[] = []
  for (const flags of splits) hashes.push(hashesOf(await posetta(place, env, 'split', 'penn-action', ...flags)))
  return { root, commit, hashes }
}

function hashesOf(answer: Record<string, unknown>): unknown {
  return (answer['splits'] as { hash: string }[] | undefined)?.map(({ hash }) => hash) ?? answer['hash']
}

test('two copies at two paths, two job counts, two time zones, two languages: one root, one commit, the same splits', async () => {
  await posetta(folder, {}, 'synth', 'penn-action', 'raw', '--clips', '40', '--seed', '3')
  const [one, two] = await Promise.all([
    everything(join(folder, 'raw'), 'a', 1, { TZ: 'UTC', LANG: 'C', LC_ALL: 'C' }),
    everything(join(folder, 'raw'), "somewhere else/it's/ü", 2, { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' })])
  expect(two).toEqual(one)
  expect(JSON.stringify(one)).toMatch(/"root":"[0-9a-f]{64}","commit":"[0-9a-f]{64}","hashes":\["[0-9a-f]{64}","[0-9a-f]{64}",\["/)
}, 120_000)
