/**
 * Training steps (forward, backward, clipping, AdamW) of LA2DS, clips x 2 views x 64 frames of heatmaps, beside the same model in PyTorch (bench/peers/training_step.py) from the same
 * numbers, interleaved step by step, each in a process of its own; medians and range of wall and CPU time, peak memory. The losses must agree.
 * Claim: ratio <= 0.9 to the best idiomatic eager PyTorch, <= 1.0 to compiled; peak memory <= PyTorch's. What each does: ours folds the first normalisation into its product and computes
 * the last spatial block for the class token alone, both exact; idiomatic is nn.LayerNorm, nn.Linear, scaled_dot_product_attention, fused AdamW; `compiled` is the same under
 * torch.compile; `lean` is PyTorch with our two rewritings done by hand.
 * PYTHON=python3 PROFILE=small CLIPS=16 PEERS="2,1,2 compiled,2 lean" THREADS=2 SPIN=0 ROUNDS=9 node --input-type=module -e "await (await import('vite')).runnerImport('./bench/training-step.ts')"
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { initialise, la2ds, la2dsDefaults, parameterCount, profileOf } from '../src/models/index.ts'
import { randomAt } from '../src/random.ts'
import { checkSameLosses, contest, machine, startContender, table } from './engine/contest.ts'

const { PYTHON: python = 'python3', PROFILE = 'small', CLIPS = '16', PEERS = '2,1,2 compiled,2 lean', THREADS = String(cpus().length), SPIN = '0', ROUNDS = '9' } = process.env

const { size, patch, sigma: _sigma, ...sizes } = profileOf(PROFILE)
const config = { ...la2dsDefaults, ...sizes, tokens: (size / patch) ** 2, patchInputs: 27 * patch ** 2 }
const model = la2ds(config)
const [rows, frames] = [2 * Number(CLIPS), 64]

const folder = mkdtempSync(join(tmpdir(), 'training-step-'))
const values = initialise(model.parameters, 0)
write('params', Float32Array.from(model.parameters.flatMap(({ name }) => Array.from(values[name]!.data))))
// heatmaps are near 0 nearly everywhere: u^8, which both repeat until the patches are full
const random = randomAt({ seed: 1 })
write('patches', Float32Array.from({ length: 1 << 20 }, () => random.uniform() ** 8))
const mask = { shape: [rows, frames], data: new Float32Array(rows * frames).fill(1) }
write('position', model.feeds({ mask })['position']!.data)

const work = { folder, rows, frames, config, parameters: model.parameters.map(({ name, shape, decay }) => ({ name, shape, decay })) }
const contenders = [await startContender(process.execPath, ['bench/engine/la2ds-ours.js', JSON.stringify({ ...work, threads: Number(THREADS), spin: SPIN === '1' })])]
for (const peer of PEERS.split(',')) {
  const [threads, variant] = peer.split(' ')
  contenders.push(await startContender(python, ['bench/peers/training_step.py', JSON.stringify({ ...work, threads: Number(threads), compiled: variant === 'compiled', lean: variant === 'lean' })]))
}
const results = await contest(contenders, { warmups: 3, rounds: Number(ROUNDS) })
rmSync(folder, { recursive: true })
checkSameLosses(results, 1e-3)
console.log(`${machine()}, ${ROUNDS} rounds\n${PROFILE}, ${rows} views of ${frames} frames, ${parameterCount(model)} parameters\n${table(results)}`)

function write(file: string, data: Float32Array): void {
  writeFileSync(join(folder, `${file}.f32`), data)
}
