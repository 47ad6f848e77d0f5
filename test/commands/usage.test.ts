import { describe, expect, test } from 'vitest'
import { textTable } from '../../src/cli/text-table.ts'
import { root } from '../sources.ts'
import { type Answer, posettaHere } from './posetta.ts'

const posetta = (...args: string[]): Promise<Answer> => posettaHere(root, ...args)

describe('a wrong command line is answered in one sentence', () => {
  test.each<[string[], string]>([
    [['report'], 'Missing 1 required arg: run  runs, or latest; several seeds of one action stand side by side'],
    [['ingest', 'penn-action', 'raw', '--limit', '0'], 'Parsing --limit: Expected an integer greater than or equal to 1 but received: 0'],
    [['split', 'penn-action', '--protocol', 'official', '--query', 'x.sql'], '--query=x.sql cannot also be provided when using --protocol'],
    [['sql', 'select 1', '--format', 'xml'], 'Expected --format=xml to be one of: table, csv, json, parquet'],
    [['align', 'latest', 'a', 'b', '--temperature', '1e-20'], 'Parsing --temperature: Expected a number from 0.000001 to 1000000 but received: 1e-20'],
    [['replay', 'latest', 'x'], 'Expected a whole number from 1 but received: x'],
    [['sql', 'select 1', 'select 2'], 'Unexpected argument: select 2'],
  ])('%j', async (args, message) => {
    const { status, json } = await posetta(...args, '--json')
    expect([status, json]).toEqual([2, { ok: false, error: { code: 'E_USAGE', message, hint: 'posetta COMMAND --help has examples' } }])
  })

  test.each<[string[], string]>([
    [['eval'], 'nothing to measure'],
    [['eval', 'latest', '--embeddings', 'mine.npz'], 'both a run and a file'],
    [['eval', 'latest', '--split', 'official'], '--split says what --embeddings or --write-views are of; a run has its own'],
  ])('%j', async (args, message) => {
    const { status, json } = await posetta(...args, '--json')
    expect([status, json]).toMatchObject([2, { ok: false, error: { code: 'E_USAGE', message } }])
  })

  test.each<[string[], string, string]>([
    [['train', 'la2ds', '--set', 'epochs=1', 'batch=2'], 'Unexpected argument: batch=2', 'batch=2'],
    [['train', 'la2ds', '--set', 'epochs=1', 'softMatch.floor=0', 'batch=2'], 'Unexpected arguments: softMatch.floor=0, batch=2', 'softMatch.floor=0'],
  ])('%j: --set takes one setting', async (args, message, setting) => {
    const { status, json } = await posetta(...args, '--json')
    expect([status, json]).toEqual([2, { ok: false, error: { code: 'E_USAGE', message, hint: `--set is repeated for each: --set ${setting}; posetta COMMAND --help has examples` } }])
  })

  test('a flag before the command', async () => {
    expect(await posetta('--store', 'store', 'sql', 'select 1')).toMatchObject(
      { status: 2, stdout: '', stderr: 'E_USAGE: "--store" stands before the command\n  posetta COMMAND [flags]; posetta --help lists the commands\n' })
  })
})

test('help is --help, of one command too', async () => {
  const said = async (...args: string[]): Promise<unknown[]> => {
    const { status, stdout, stderr } = await posetta(...args)
    return [status, stdout, stderr]
  }
  expect(await said('help')).toEqual(await said('--help'))
  expect(await said('help', 'sql')).toEqual(await said('sql', '--help'))
  expect((await posetta('help', 'sqk')).status).toBe(2)
})

test('a table may have more rows than a call can have arguments', () => {
  expect(textTable(['n'], Array.from({ length: 300_000 }, (_, n) => [n])).split('\n').slice(0, 3)).toEqual(['     n', '------', '     0'])
})
