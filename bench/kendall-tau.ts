/**
 * Kendall's tau between all ordered pairs of test clips of an action, every second frame, from embeddings in memory: `eval`'s beside numpy and scipy (bench/peers/kendall_tau.py: cdist, argmin,
 * kendalltau), interleaved round by round, each in a process of its own on one thread; medians and ranges. Both must find the same mean and the same weighted sum over pairs, to 1e-12.
 * Claim: at least 5 times as fast. EMBEDDER is a floor, or a run in RUNS (then with `RUNS=runs`). After `npm run build`:
 * PYTHON=python3 STORE=store EMBEDDER=baseline/coordinates-velocity ACTION=pullup ROUNDS=5 node --input-type=module -e "await (await import('vite')).runnerImport('./bench/kendall-tau.ts')"
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Encoder } from '../src/encoder.ts'
import { baselines } from '../src/eval/baselines/index.ts'
import { embedClips } from '../src/eval/measured.ts'
import { bare } from '../src/eval/views.ts'
import { runEncoder } from '../src/jobs/run-encoder.ts'
import { readClips, readSplit } from '../src/store/index.ts'
import { checkSameLosses, contest, machine, startContender, table } from './engine/contest.ts'

const { PYTHON: python = 'python3', STORE = 'store', RUNS = 'runs', EMBEDDER = 'baseline/coordinates-velocity', ACTION = 'pullup', ROUNDS = '5' } = process.env

const { sides } = await readSplit(STORE, 'penn-action', 'official')
const clips = (await readClips(STORE, 'penn-action', sides.test)).filter(({ labels }) => labels.action === ACTION)
const embedded = await embedClips(await encoderNamed(EMBEDDER), clips.map((clip) => bare(clip).clip))
const folder = mkdtempSync(join(tmpdir(), 'posetta-tau-'))
const [frames, dims] = [embedded.map(({ embedding }) => embedding.shape[0]!), embedded[0]!.embedding.shape[1]!]
writeFileSync(join(folder, 'embeddings.f32'), Buffer.concat(embedded.map(({ embedding: { data } }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength))))
const work = JSON.stringify({ file: join(folder, 'embeddings.f32'), frames, dims, stride: 2, groups: clips.map(({ group }) => group) })

const contenders = [await startContender(process.execPath, ['bench/eval/tau-ours.js', work]), await startContender(python, ['bench/peers/kendall_tau.py', work])]
const results = await contest(contenders, { warmups: 1, rounds: Number(ROUNDS) })
rmSync(folder, { recursive: true })
checkSameLosses(results, 1e-12)
console.log(`${machine()}, ${ROUNDS} rounds\n${ACTION}, ${clips.length} clips, ${clips.length * (clips.length - 1)} pairs, ${EMBEDDER} [T, ${dims}]; both find ${results[0]!.losses[0]}\n${table(results)}`)

async function encoderNamed(name: string): Promise<Encoder> {
  const floor = baselines.find((one) => one.name === name)
  return floor === undefined ? (await runEncoder({ runsDir: RUNS, run: name, threads: 1 })).encoder : floor.make({ action: ACTION, seed: 0 })
}
