/**
 * How many files of one frame `posetta ingest` reads in a second: the text files of an H2O twin and the JSON files of an IKEA ASM twin, whole processes on a
 * warm page cache, beside a floor that opens, reads and hashes the same files and does nothing else (Node, one thread). Medians and range; files a second of
 * wall time, and of CPU time of all threads. Claim: 20,000 files a second and core, or what bounds it. After `npm run build`:
 * RUNS=5 node --input-type=module -e "await (await import('vite')).runnerImport('./bench/pose-files.ts')"
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'

const runs = Number(process.env['RUNS'] ?? 5)
const folder = mkdtempSync(join(tmpdir(), 'posetta-poses-'))

type Run = { readonly wall: number; readonly cpu: number }
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
console.log(`${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}, commit ${commit}, load ${loadavg()[0]!.toFixed(1)}, ${runs} runs`)
try {
  for (const [dataset, clips] of [['h2o', '24'], ['ikea-asm', '24']] as const) measure(dataset, clips)
} finally {
  rmSync(folder, { recursive: true })
}

function measure(dataset: string, clips: string): void {
  const [raw, store] = [join(folder, dataset), join(folder, 'store')]
  posetta('synth', dataset, raw, '--clips', clips)
  const files = readdirSync(raw, { recursive: true, withFileTypes: true }).filter((file) => /\.(?:txt|json)$/.test(file.name)).map((file) => join(file.parentPath, file.name))
  const results: Record<string, Run[]> = { floor: [], 'one thread': [], 'two threads': [] }
  for (let run = 0; run <= runs; run++) {
    const measured: Record<string, Run> = { floor: floor(files) }
    for (const [name, jobs] of [['one thread', '1'], ['two threads', '2']] as const) {
      rmSync(store, { recursive: true, force: true })
      measured[name] = posetta('ingest', dataset, raw, '--store', store, '--jobs', jobs, '--json')
    }
    if (run > 0) for (const [name, one] of Object.entries(measured)) results[name]!.push(one)
  }
  for (const [name, measured] of Object.entries(results)) {
    console.log(`${dataset}, ${files.length} files, ${name.padEnd(11)} ${spread(measured, 'wall', files.length)} files/s, ${spread(measured, 'cpu', files.length)} files per CPU second`)
  }
  rmSync(raw, { recursive: true })
}

/** Opens, reads and hashes every file. */
function floor(files: readonly string[]): Run {
  const began = performance.now()
  for (const file of files) createHash('sha256').update(readFileSync(file)).digest('hex')
  const wall = (performance.now() - began) / 1000
  return { wall, cpu: wall }
}

/** An ingest may end in 3: it has set something aside. */
function posetta(...args: readonly string[]): Run {
  const { stderr, stdout, status } = spawnSync('/usr/bin/time', ['-f', '\n%e %U %S', process.execPath, 'bin/run.js', ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 })
  if (status !== 0 && status !== 3) throw new Error(`${args.join(' ')}: ${stdout} ${stderr}`)
  const [wall, user, system] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number)
  return { wall: wall!, cpu: user! + system! }
}

function spread(measured: readonly Run[], what: keyof Run, files: number): string {
  const rates = measured.map((run) => files / run[what]).sort((a, b) => a - b).map((rate) => Math.round(rate))
  return `${rates[Math.floor(rates.length / 2)]} (${rates[0]}-${rates.at(-1)})`
}
