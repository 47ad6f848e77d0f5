/**
 * `posetta eval` of a run of all actions over the whole test side of Penn Action (1,068 clips): every metric of protocol `primary`, every floor, intervals and paired differences; a whole process,
 * Node's start included; wall, CPU, peak memory, medians and ranges. Claim: under 60 s on 2 cores. The run is copied first: what it was evaluated with stays. After `npm run build`, and
 * `posetta train la2ds --store store --runs runs --epochs 1` (what it learned does not matter here):
 * STORE=store RUNS=runs RUN=latest ROUNDS=3 node --input-type=module -e "await (await import('vite')).runnerImport('./bench/evaluation.ts')"
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readRun } from '../src/train/index.ts'
import { machine } from './engine/contest.ts'

const { STORE = 'store', RUNS = 'runs', RUN = 'latest', ROUNDS = '3' } = process.env

const { run, model, action, config } = await readRun(RUNS, RUN)
const folder = mkdtempSync(join(tmpdir(), 'posetta-evaluation-'))
cpSync(join(RUNS, run), join(folder, run), { recursive: true })
const rounds = Array.from({ length: Number(ROUNDS) }, () => timed(['bin/run.js', 'eval', run, '--store', STORE, '--runs', folder, '--json']))
rmSync(folder, { recursive: true })

const of = (pick: (round: (typeof rounds)[number]) => number): string => {
  const values = rounds.map(pick).sort((a, b) => a - b)
  return `${values[Math.floor(values.length / 2)]!.toFixed(1)} (${values[0]!.toFixed(1)}-${values.at(-1)!.toFixed(1)})`
}
console.log(`${machine()}, ${ROUNDS} rounds\n${model}, ${String(config['profile'])}, ${action ?? 'all actions'}: ${rounds[0]!.measures} measures`)
console.log(`wall ${of(({ wall }) => wall)} s   cpu ${of(({ cpu }) => cpu)} s   peak ${of(({ megabytes }) => megabytes)} MB`)

/** GNU time's elapsed seconds, user + system seconds and peak resident size, and how many measures the document has. */
function timed(args: readonly string[]): { wall: number; cpu: number; megabytes: number; measures: number } {
  const { stdout, stderr, status } = spawnSync('/usr/bin/time', ['-f', '\n%e %U %S %M', process.execPath, ...args], { encoding: 'utf8', maxBuffer: 2 ** 30 })
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`)
  const [wall, user, system, kilobytes] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number)
  return { wall: wall!, cpu: user! + system!, megabytes: kilobytes! / 1024, measures: (JSON.parse(stdout) as { measures: unknown[] }).measures.length }
}
