/**
 * Training steps (forward, backward, clipping, AdamW) of LA2DS, clips x 2 views x 64 frames of heatmaps, beside the same model in PyTorch (bench/peers/training_step.py) from the same
 * numbers, interleaved step by step, each in a process of its own; medians and range of wall and CPU time, peak memory. The losses of the first six steps must agree.
 * Claim: ratio <= 0.9 to the best idiomatic eager PyTorch, <= 1.0 to compiled; peak memory <= PyTorch's. What each does: ours folds the first normalisation into its product and computes
 * the last spatial block for the class token alone, both exact; idiomatic is nn.LayerNorm, nn.Linear, scaled_dot_product_attention, fused AdamW; `compiled` is the same under
 * torch.compile; `lean` is PyTorch with our two rewritings done by hand.
 * PYTHON=python3 PROFILE=small CLIPS=16 PEERS="2,1,2 compiled,2 lean" THREADS=2 SPIN=100 ROUNDS=9 node --input-type=module -e "await (await import('vite')).runnerImport('./bench/training-step.ts')"
 */
import { rmSync } from 'node:fs'
import { cpus } from 'node:os'
import { parameterCount } from '../src/models/index.ts'
import { checkSameLosses, contest, machine, startContender, table } from './engine/contest.ts'
import { la2dsWork } from './engine/la2ds-work.ts'

const { PYTHON: python = 'python3', PROFILE = 'small', CLIPS = '16', PEERS = '2,1,2 compiled,2 lean', THREADS = String(cpus().length), SPIN = '100', ROUNDS = '9' } = process.env

const { work, model } = la2dsWork({ profile: PROFILE, clips: Number(CLIPS), frames: 64 })
const contenders = [await startContender(process.execPath, ['bench/engine/la2ds-ours.js', JSON.stringify({ ...work, threads: Number(THREADS), spin: Number(SPIN) })])]
for (const peer of PEERS.split(',')) {
  const [threads, variant] = peer.split(' ')
  contenders.push(await startContender(python, ['bench/peers/training_step.py', JSON.stringify({ ...work, threads: Number(threads), compiled: variant === 'compiled', lean: variant === 'lean' })]))
}
const results = await contest(contenders, { warmups: 3, rounds: Number(ROUNDS) })
rmSync(work.folder, { recursive: true })
checkSameLosses(results, 1e-3, 6)
console.log(`${machine()}, ${ROUNDS} rounds\n${PROFILE}, ${work.rows} views of ${work.frames} frames, ${parameterCount(model)} parameters\n${table(results)}`)
