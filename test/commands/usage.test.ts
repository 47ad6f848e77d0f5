import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { textTable } from '../../src/cli/text-table.ts'
import { root } from '../sources.ts'

function posetta(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/run.js'), ...args], { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } })
  return { status, stdout, stderr }
}

describe('a wrong command line is answered in one sentence', () => {
  test.each<[string[], string]>([
    [['eval'], 'Missing 1 required arg: run  a run, or latest'],
    [['ingest', 'penn-action', 'raw', '--limit', '0'], 'Parsing --limit: Expected an integer greater than or equal to 1 but received: 0'],
    [['split', 'penn-action', '--protocol', 'official', '--query', 'x.sql'], '--query=x.sql cannot also be provided when using --protocol'],
    [['sql', 'select 1', '--format', 'xml'], 'Expected --format=xml to be one of: table, csv, json, parquet'],
    [['sql', 'select 1', 'select 2'], 'Unexpected argument: select 2'],
  ])('%j', (args, message) => {
    const { status, stdout } = posetta(...args, '--json')
    expect([status, JSON.parse(stdout)]).toEqual([2, { ok: false, error: { code: 'E_USAGE', message, hint: 'posetta COMMAND --help has examples' } }])
  })

  test('a flag before the command', () => {
    expect(posetta('--store', 'store', 'sql', 'select 1')).toEqual(
      { status: 2, stdout: '', stderr: 'E_USAGE: "--store" stands before the command\n  posetta COMMAND [flags]; posetta --help lists the commands\n' })
  })
})

test('help is --help, of one command too', () => {
  expect(posetta('help')).toEqual(posetta('--help'))
  expect(posetta('help', 'sql')).toEqual(posetta('sql', '--help'))
  expect(posetta('help', 'sqk').status).toBe(2)
})

test('a table may have more rows than a call can have arguments', () => {
  expect(textTable(['n'], Array.from({ length: 300_000 }, (_, n) => [n])).split('\n').slice(0, 3)).toEqual(['     n', '------', '     0'])
})
