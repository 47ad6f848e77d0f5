import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from '../sources.ts'

// runs what `npm test` built: bin/run.js on dist/
const folder = mkdtempSync(join(tmpdir(), 'posetta-sql-command-'))
const temporary = mkdtempSync(join(tmpdir(), 'posetta-sql-temporary-'))
const [bin, env] = [join(root, 'bin/run.js'), { ...process.env, NO_COLOR: '1', TMPDIR: temporary }]
const posetta = (...args: string[]): { status: number | null; stdout: string; stderr: string } => spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8', cwd: folder, env })
const begin = (...args: string[]): ChildProcessWithoutNullStreams => spawn(process.execPath, [bin, ...args], { cwd: folder, env })
const endOf = (child: ChildProcessWithoutNullStreams): Promise<{ code: number | null; stdout: string }> => new Promise((done) => {
  let stdout = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.on('close', (code) => done({ code, stdout }))
})
const endless = 'select count(*) from range(1000000000) a, range(1000000000) b where a.range * b.range % 7 = 3'

beforeAll(() => {
  posetta('synth', 'penn-action', 'raw', '--clips', '40')
  posetta('ingest', 'penn-action', 'raw', '--limit', '10', '--json')
})
afterAll(() => {
  for (const path of [folder, temporary]) rmSync(path, { recursive: true })
})

describe('posetta sql', () => {
  test('lists saved queries, and asks one with a value', () => {
    expect(JSON.parse(posetta('sql', '--list', '--json').stdout)).toMatchObject({ ok: true, queries: expect.arrayContaining([{ name: 'files-of-clip', origin: 'package', about: 'every number leads back to bytes.', parameters: ['clip'] }]) })
    const id = posetta('sql', 'select min(id) from clips', '--format', 'csv').stdout.split('\n')[1]!
    expect(posetta('sql', '--saved', 'files-of-clip', '--set', `clip=${id}`, '--format', 'csv').stdout).toMatch(/^path,role,frame,place,bytes,sha256\nlabels\/\d{4}\.mat,label,,,\d+,[0-9a-f]{64}\n/)
    expect(posetta('sql', 'select 1', '--saved', 'flags')).toMatchObject({ status: 2, stderr: expect.stringContaining('E_USAGE: a query, --file and --saved: one of them') })
  })

  test('says on stderr that rows were cut, and writes all of them into a file', () => {
    expect(posetta('sql', 'from range(1001)', '--format', 'csv')).toMatchObject({ status: 0, stderr: 'cut after 1000 rows: --limit\n', stdout: expect.stringMatching(/^range\n0\n[\d\n]*\n999\n$/) })
    expect(posetta('sql', 'from range(300000)', '--output', 'deep/all.json').stdout).toBe('300000 rows written to deep/all.json\n')
    expect((JSON.parse(readFileSync(join(folder, 'deep/all.json'), 'utf8')) as unknown[]).length).toBe(300000)
    expect(readdirSync(join(folder, 'deep'))).toEqual(['all.json'])
  })

  test('ends where nobody reads on', () => {
    expect(spawnSync('sh', ['-c', `"${process.execPath}" "${bin}" sql "from range(10000000)" --limit 10000000 --format csv | head -1`], { encoding: 'utf8', cwd: folder, env })).toMatchObject({ stdout: 'range\n', stderr: '' })
  })

  test('gives up when time is up (exit 4), and for Ctrl-C (130); no temporary folder stays', async () => {
    expect(posetta('sql', endless, '--timeout', '1', '--json')).toMatchObject({ status: 4, stdout: '{"ok":false,"error":{"code":"E_SQL_TIME","message":"no answer within 1 s","hint":"--timeout SECONDS allows more"}}\n' })
    const child = begin('sql', endless)
    const end = endOf(child)
    while (readdirSync(temporary).length === 0) await new Promise((done) => setTimeout(done, 20))
    await new Promise((done) => setTimeout(done, 500))
    child.kill('SIGINT')
    expect((await end).code).toBe(130)
    expect(readdirSync(temporary)).toEqual([])
  })

  test.each([['--memory', 'much', 'Expected a size such as 512MB or 2GB but received: much'], ['--set', 'clip', '"clip" gives no value']])('refuses %s %s', (flag, value, message) => {
    const { status, stdout } = posetta('sql', 'select 1', flag, value, '--json')
    expect([status, (JSON.parse(stdout) as { error: { message: string } }).error.message]).toEqual([2, expect.stringContaining(message)])
  })

  test('without a query and a terminal, says how to ask', () => {
    expect(posetta('sql')).toMatchObject({ status: 2, stderr: expect.stringContaining('E_USAGE: no query') })
  })

  test.skipIf(spawnSync('script', ['--version']).status !== 0)('is a prompt on a terminal', () => {
    const { stdout, status } = spawnSync('script', ['-qec', `"${process.execPath}" "${bin}" sql`, '/dev/null'], { encoding: 'utf8', cwd: folder, env, input: 'select count(*) clips from clips;\r.quit\r' })
    expect(stdout).toMatch(/clips\s+-+\s+10\s+\(1 row, \d+ ms\)/)
    expect([status, readFileSync(join(folder, 'runs/.sql-history'), 'utf8')]).toEqual([0, 'select count(*) clips from clips;\n.quit\n'])
  })
})

test('several processes ask one store while an ingest commits: each sees one commit, whole', async () => {
  const whole = 'select (select count(*) from clips), (select count(distinct clip_id) from frames), (select count(distinct clip_id) from files)'
  const seen = new Set<string>()
  const ask = async (): Promise<void> => {
    const { code, stdout } = await endOf(begin('sql', whole, '--json'))
    seen.add(`${code} ${stdout}`)
  }
  for (const limit of ['20', '40']) {
    const over = new AbortController()
    const ingest = endOf(begin('ingest', 'penn-action', 'raw', '--limit', limit, '--json')).finally(() => over.abort())
    const asking = async (): Promise<void> => { while (!over.signal.aborted) await ask() }
    await Promise.all([ingest, asking(), asking(), asking()])
  }
  await ask()
  const rows = [...seen].map((line) => (JSON.parse(line.slice(2)) as { rows: number[][] }).rows[0]!)
  expect(rows.map((counts) => new Set(counts).size)).toEqual(rows.map(() => 1))
  expect(rows.flat().filter((count) => ![10, 20, 40].includes(count))).toEqual([])
  expect(rows.flat()).toContain(40)
})
