/**
 * `posetta ingest penn-action` of the real labels (2,326 .mat -> Parquet, hashes, manifest; a whole process, Node's start included) beside scipy's
 * loadmat of the same files into memory (a whole process, Python's start included). Interleaved; medians and
 * range. Claim: under 1.5 s and under 1 GB on 2 cores. After `npm run build`:
 * PYTHON=python3 RUNS=7 node --input-type=module -e "await (await import('vite')).runnerImport('./bench/ingest.ts')"
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'

const penn = join(process.env['POSETTA_SHARED'] ?? '../shared', 'data/penn-action')
const python = process.env['PYTHON'] ?? 'python3'
const runs = Number(process.env['RUNS'] ?? 7)
const store = mkdtempSync(join(tmpdir(), 'posetta-bench-'))

type Run = { readonly wall: number; readonly cpu: number; readonly megabytes: number }
const contenders: Record<string, () => Run> = {
  'posetta ingest': () => {
    rmSync(join(store, 'penn-action'), { recursive: true, force: true })
    return timed(process.execPath, ['bin/run.js', 'ingest', 'penn-action', penn, '--store', store, '--json'])
  },
  'posetta ingest, again': () => timed(process.execPath, ['bin/run.js', 'ingest', 'penn-action', penn, '--store', store, '--json']),
  'scipy loadmat': () => timed(python, ['bench/peers/ingest_scipy.py', join(penn, 'labels')]),
}

const results: Record<string, Run[]> = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
for (let run = 0; run <= runs; run++) for (const [name, measure] of Object.entries(contenders)) {
  const measured = measure()
  if (run > 0) results[name]!.push(measured) // the first one warms the page cache
}
rmSync(store, { recursive: true })

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
console.log(`${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}, commit ${commit}, load ${loadavg()[0]!.toFixed(1)}, ${runs} runs`)
for (const [name, measured] of Object.entries(results)) {
  console.log(`${name.padEnd(22)} wall ${spread(measured, 'wall')} s   cpu ${spread(measured, 'cpu')} s   peak ${spread(measured, 'megabytes')} MB`)
}

/** GNU time's elapsed seconds, user + system seconds and peak resident size of a process. */
function timed(command: string, args: readonly string[]): Run {
  const { stderr, status } = spawnSync('/usr/bin/time', ['-f', '\n%e %U %S %M', command, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
  const [wall, user, system, kilobytes] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number)
  return { wall: wall!, cpu: user! + system!, megabytes: kilobytes! / 1024 }
}

function spread(measured: readonly Run[], what: keyof Run): string {
  const values = measured.map((run) => run[what]).sort((a, b) => a - b)
  return `${values[Math.floor(values.length / 2)]!.toFixed(2)} (${values[0]!.toFixed(2)}-${values.at(-1)!.toFixed(2)})`
}
