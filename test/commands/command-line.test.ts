import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { filesOf, textOf } from '../sources.ts'
import { type Answer, bin, posettaHere, posettaIn } from './posetta.ts'

// runs what `npm test` built: bin/run.js on dist/
const folder = mkdtempSync(join(tmpdir(), 'posetta cli é '))
afterAll(() => rmSync(folder, { recursive: true }))
const posetta = (...args: string[]): Answer => posettaIn(folder, ...args)
const here = (...args: string[]): Promise<Answer> => posettaHere(folder, ...args)

describe('a walk', () => {
  test('synth, ingest, sql, split, verify, runs: each one JSON document, exit 0', async () => {
    expect((await here('synth', 'penn-action', 'raw', '--clips', '100', '--json')).json).toMatchObject({ ok: true, clips: 100 })
    const first = posetta('ingest', 'penn-action', 'raw', '--json')
    expect([first.status, first.json]).toMatchObject([0, { ok: true, dataset: 'penn-action', clips: 100, complete: false, quarantined: [] }])
    expect((await here('ingest', 'penn-action', 'raw', '--jobs', '1', '--json')).json['root']).toBe(first.json['root'])
    expect((await here('sql', 'select count(*) n from clips', '--json')).json).toEqual({ ok: true, columns: ['n'], rows: [[100]], truncated: false })
    expect((await here('split', 'penn-action', '--protocol', 'official', '--json')).json).toMatchObject({ ok: true, name: 'official', sides: { train: 60, test: 40 }, leaks: [] })
    expect((await here('verify', '--deep', '--json')).json).toMatchObject({ ok: true, problems: [] })
    expect(((await here('datasets', '--json')).json['datasets'] as { name: string; ingested: boolean }[]).filter(({ ingested }) => ingested).map(({ name }) => name)).toEqual(['penn-action'])
    expect((await here('runs', '--json')).json).toEqual({ ok: true, runs: [], removed: null, damaged: [] })
  })

  test('an answer is written as its file is named, and again over itself', async () => {
    for (const name of ['answer.csv', 'answer.json', 'answer.parquet', 'answer.parquet']) expect((await here('sql', 'select 1 a', '--output', name, '--json')).json).toMatchObject({ ok: true, rows: 1 })
    expect(readFileSync(join(folder, 'answer.csv'), 'utf8')).toBe('a\n1\n')
    expect(JSON.parse(readFileSync(join(folder, 'answer.json'), 'utf8'))).toEqual([{ a: 1 }])
    expect(readFileSync(join(folder, 'answer.parquet')).subarray(0, 4).toString()).toBe('PAR1')
  })

  test('a damaged file is found: exit 1, and the clips are named', () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'store/penn-action/manifest.json'), 'utf8')) as { shards: { files: { file: string }[] }[] }
    const file = join(folder, 'store/penn-action/shards', manifest.shards[0]!.files[0]!.file)
    const bytes = readFileSync(file)
    writeFileSync(file, Buffer.from(bytes).fill(0, 20, 21))
    const { status, json } = posetta('verify', '--json')
    writeFileSync(file, bytes)
    expect([status, (json['problems'] as { code: string }[]).map(({ code }) => code)]).toEqual([1, ['E_FILE_CHANGED']])
  })

  test('log, diff, tag, sql --at, remove, gc: every version can be named, read, kept and let go of', async () => {
    const one = ['--store', 'versions', '--json']
    await here('ingest', 'penn-action', 'raw', '--limit', '9', ...one)
    await here('ingest', 'penn-action', 'raw', '--limit', '10', ...one)
    expect((await here('tag', 'penn-action', 'nine', 'newest~1', ...one)).json).toMatchObject({ ok: true, tags: { nine: expect.stringMatching(/^[0-9a-f]{64}$/) } })
    expect((await here('log', ...one)).json['versions']).toMatchObject([{ clips: 10, tags: [] }, { clips: 9, tags: ['nine'] }])
    expect((await here('diff', 'penn-action', 'nine', ...one)).json).toMatchObject({ added: [expect.stringMatching(/^penn-action\//)], removed: [], changed: [] })
    expect((await here('sql', 'select count(*) n from clips', '--at', 'nine', ...one)).json['rows']).toEqual([[9]])
    const removed = (await here('remove', 'penn-action', '--where', "official_split = 'test'", ...one)).json as { removed: string[] }
    expect((await here('sql', "select count(*) n from clips where official_split = 'test'", ...one)).json['rows']).toEqual([[0]])
    expect((await here('sql', "select count(*) n from clips where official_split = 'test'", '--at', 'newest~1', ...one)).json['rows']).toEqual([[removed.removed.length]])
    expect((await here('gc', ...one)).json).toMatchObject({ done: false, datasets: [{ kept: [{ because: ['newest'] }, { because: ['tag nine'] }], dropped: [{ clips: 10 }] }] })
    expect((await here('gc', '--yes', ...one)).json).toMatchObject({ done: true })
    expect((await here('log', ...one)).json['versions']).toMatchObject([{ clips: 10 - removed.removed.length }, { clips: 9 }])
    expect((await here('verify', '--deep', ...one)).json).toMatchObject({ ok: true, problems: [] })
  })

  test('a file that cannot be read is set aside: exit 3, itemised', async () => {
    await here('synth', 'penn-action', 'spoilt', '--clips', '3', '--json')
    writeFileSync(join(folder, 'spoilt/labels/0342.mat'), 'this is no MAT file')
    const name = existsSync(join(folder, 'spoilt/labels/0342.mat'))
    const { status, json } = await here('ingest', 'penn-action', 'spoilt', '--store', 'other', '--json')
    expect([name, status, (json['quarantined'] as { source: string }[]).map(({ source }) => source)]).toEqual([true, 3, ['labels/0342.mat']])
  })
})

describe('what cannot start ends in 2, with one document and the way out', () => {
  beforeAll(() => symlinkSync('store', join(folder, 'linked')))

  test.each<[string[], string, string]>([
    [['ingst'], 'E_COMMAND_UNKNOWN', 'no command "ingst"'],
    [['ingest', 'penn-actoin', 'raw'], 'E_DATASET_UNKNOWN', 'no data set "penn-actoin"'],
    [['ingest', 'penn-action', 'raw', '--job', '2'], 'E_USAGE', 'no flag of ingest "--job"'],
    [['ingest', 'penn-action', 'raw', '--jobs', 'two'], 'E_USAGE', 'Parsing --jobs'],
    [['ingest', 'penn-action'], 'E_USAGE', 'Missing 1 required arg:'],
    [['split', 'penn-action', '--protocol', 'tcc', '--store', 'nowhere'], 'E_NOT_INGESTED', 'penn-action'],
    [['train', 'la2d', '--action', 'squat'], 'E_MODEL_UNKNOWN', 'no model "la2d"'],
    [['train', 'la2ds', '--set', 'epoch=3'], 'E_SETTING_UNKNOWN', 'no setting "epoch"'],
    [['eval', 'latest'], 'E_RUN_UNKNOWN', 'there is no run in "runs" yet'],
    [['sql', '--file', 'no.sql'], 'E_FILE', 'no such file or directory, open \'no.sql\''],
    [['sql', 'select 1', '--output', 'store/penn-action/x.csv'], 'E_USAGE', 'lies in the store "store", which only ingest and split write'],
    [['sql', 'select 1', '--output', 'linked/penn-action/manifest.json', '--format', 'csv'], 'E_USAGE', '--output "linked/penn-action/manifest.json" lies in the store "store"'],
    [['validate', '--output', 'linked/penn-action/manifest.json'], 'E_USAGE', '--output "linked/penn-action/manifest.json" lies in the store "store"'],
    [['report', 'latest', '--output', 'linked/penn-action/manifest.html'], 'E_USAGE', '--output "linked/penn-action/manifest.html" lies in the store "store"'],
    [['ingest', 'penn-action', 'raw', '--fps', '0'], 'E_USAGE', 'Parsing --fps'],
    [['sql', 'select 1', '--file', 'raw'], 'E_USAGE', 'a query, --file and --saved: one of them'],
    [['verify', '--store', 'nowhere'], 'E_STORE_EMPTY', 'nothing to verify: no data set in store "nowhere"'],
    [['sql', 'drop table clips'], 'E_SQL_READ_ONLY', 'only statements that read are run'],
    [['models', '--foo'], 'E_USAGE', 'no flag of models "--foo"'],
    [['lint', 'no.sql'], 'E_FILE', 'no such file or directory, open \'no.sql\''],
    [['split', 'penn-action', '--make', 'kfold'], 'E_USAGE', '--make kfold needs --k'],
  ])('%j: %s', async (args, code, message) => {
    const { status, json } = await here(...args, '--json')
    expect([status, json]).toMatchObject([2, { ok: false, error: { code, message: expect.stringContaining(message) } }])
  })

  test('for people: the same on stderr, nothing on stdout', () => {
    const { status, stdout, stderr } = posetta('verfy')
    expect([status, stdout, stderr]).toEqual([2, '', expect.stringMatching(/^E_COMMAND_UNKNOWN: no command "verfy"\n {2}did you mean "verify"\? There are: /)])
  })
})

describe('help', () => {
  test.each(filesOf('src/commands', '.ts').map((path) => path.slice('src/commands/'.length, -3)))('%s: says what it does and ends in examples', async (name) => {
    const words = name.split('/')
    const { status, stdout } = await here(...words, '--help')
    expect(status).toBe(0)
    expect(stdout).toContain(`$ posetta ${words.join(' ')}`)
    expect(stdout.split('EXAMPLES')).toHaveLength(2)
    expect(textOf(`src/commands/${name}.ts`)).toContain('static override examples')
  })
})

test('Ctrl-C in training leaves a checkpoint and the command to go on with; it goes on to the end', async () => {
  const train = spawn(process.execPath, [bin, 'train', 'la2ds', '--action', 'pullup', '--epochs', '3', '--set', 'batch=4', '--set', 'frames=16', '--json'], { cwd: folder })
  let [out, err] = ['', '']
  train.stdout.on('data', (chunk: Buffer) => { out += chunk.toString() })
  train.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString()
    // once: a second signal would end it at once
    if (!train.killed && err.includes('steps')) train.kill('SIGINT')
  })
  const status = await new Promise<number | null>((resolve) => { train.on('close', resolve) })
  const document = JSON.parse(out) as { ok: boolean; error: { code: string; hint: string } }
  expect([status, document.error.code, document.error.hint]).toEqual([130, 'E_INTERRUPTED', expect.stringMatching(/^go on with: posetta train --resume \S+ --store store --runs runs$/)])
  expect((await here('train', '--resume', 'latest', '--json')).json).toMatchObject({ ok: true, state: 'done' })
  expect((await here('runs', '--json')).json).toMatchObject({ runs: [{ model: 'la2ds', action: 'pullup', state: 'done' }] })
})

test('a purged clip and a lost run.json are found: exit 1, the rest goes on', async () => {
  const train = async (name: string) => (await here('train', 'la2ds', '--action', 'pullup', '--epochs', '1', '--set', 'profile=tiny', '--set', 'batch=4', '--set', 'frames=16', '--runs', name, '--json')).json['run'] as string
  const run = await train('found')
  expect((await here('eval', run, '--metric', 'kendall-tau', '--runs', 'found', '--json')).status).toBe(0)
  const [[clip]] = (await here('sql', "select id from clips where action = 'pullup' and official_split = 'test' order by id", '--json')).json['rows'] as [[string]]
  await here('remove', 'penn-action', clip, '--purge', '--yes', '--json')
  const explained = await here('explain', run, 'kendall-tau', clip, '--card', 'whole', '--runs', 'found', '--json')
  expect([explained.status, explained.json]).toMatchObject([1, { ok: true, clips: [], purged: [{ clip }] }])
  renameSync(join(folder, 'found', run, 'run.json'), join(folder, 'found', run, 'lost.json'))
  const listed = await here('runs', '--runs', 'found', '--json')
  expect([listed.status, listed.json]).toMatchObject([1, { ok: true, runs: [], damaged: [{ run, code: 'E_RUN_DAMAGED' }] }])
  expect(await here('gc', '--runs', 'found', '--json')).toMatchObject({ status: 2, json: { error: { code: 'E_RUN_DAMAGED' } } })
})

test('Ctrl-C in any other command prints how to go on, too', async () => {
  const query = join(folder, 'query.sql')
  spawnSync('mkfifo', [query])
  const child = spawn(process.execPath, [bin, 'sql', '--file', query, '--json'], { cwd: folder })
  const output = new Promise<string>((resolve) => { child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())) })
  const closed = new Promise<number | null>((resolve) => { child.on('close', resolve) })
  const writer = await open(query, 'w') // once the command has begun to read
  child.kill('SIGINT')
  const document = JSON.parse(await output) as object
  await writer.close()
  expect([await closed, document]).toEqual([130, { ok: false, error: { code: 'E_INTERRUPTED', message: 'interrupted', hint: `go on with: posetta sql --file '${query}' --json` } }])
})
