/**
 * Training steps (forward, backward, clipping, AdamW) of a transformer encoder beside PyTorch's nn.TransformerEncoderLayer, from the same numbers, interleaved step by step,
 * each in a process of its own: `wide` is 8 x 32 tokens of 256 numbers, 4 layers, 8 heads, 3.2 M parameters; `long` 34 x 64 tokens of 128, 4 heads. The losses must agree.
 * Claim: wide <= 1.0 of eager PyTorch's time; long <= 0.9 of eager's and <= 1.0 of compiled's; peak memory <= PyTorch's.
 * PYTHON=python3 SHAPES=wide,long PEERS="2,1,2 compiled" THREADS=2 SPIN=100 ROUNDS=21 node --input-type=module -e "await (await import('vite')).runnerImport('./bench/engine/transformer.ts')"
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { normSpec } from '../../src/models/blocks/layer-norm.ts'
import { linearSpec } from '../../src/models/blocks/linear.ts'
import { transformerBlockSpec } from '../../src/models/blocks/transformer-block.ts'
import { initialise } from '../../src/models/index.ts'
import type { ParameterSpec } from '../../src/models/parameter.ts'
import { randomAt } from '../../src/random.ts'
import { checkSameLosses, contest, machine, startContender, table } from './contest.ts'

const { PYTHON: python = 'python3', SHAPES = 'wide,long', PEERS = '2,1,2 compiled', THREADS = String(cpus().length), SPIN = '100', ROUNDS = '21' } = process.env

const shapes: Readonly<Record<string, { rows: number; tokens: number; width: number; heads: number }>> = {
  wide: { rows: 8, tokens: 32, width: 256, heads: 8 },
  long: { rows: 34, tokens: 64, width: 128, heads: 4 },
}
const [layers, mlp, outputs] = [4, 4, 128]

console.log(`${machine()}, ${ROUNDS} rounds`)
for (const name of SHAPES.split(',')) {
  const { rows, tokens, width, heads } = shapes[name]!
  const parameters = parametersOf(width)
  const folder = mkdtempSync(join(tmpdir(), 'transformer-'))
  const values = initialise(parameters, 0)
  write('params', Float32Array.from(parameters.flatMap(({ name: of }) => Array.from(values[of]!.data))))
  const random = randomAt({ seed: 1 })
  write('x', Float32Array.from({ length: rows * tokens * width }, () => random.normal()))
  write('y', Float32Array.from({ length: rows * tokens * outputs }, () => random.normal()))
  const work = { folder, rows, tokens, width, heads, layers, mlp, outputs, parameters: parameters.map(({ name: of, shape, decay }) => ({ name: of, shape, decay })) }
  const contenders = [
    await startContender(process.execPath, ['bench/engine/transformer-ours.js', JSON.stringify({ ...work, threads: Number(THREADS), spin: Number(SPIN) })]),
    ...await Promise.all(PEERS.split(',').map((peer) => {
      const [threads, variant] = peer.split(' ')
      return startContender(python, ['bench/peers/transformer_step.py', JSON.stringify({ ...work, threads: Number(threads), compiled: variant === 'compiled' })])
    })),
  ]
  const results = await contest(contenders, { warmups: 3, rounds: Number(ROUNDS) })
  checkSameLosses(results, 1e-3)
  console.log(`${name}: ${rows} x ${tokens} tokens of ${width}, ${parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0)} parameters\n${table(results)}`)
  rmSync(folder, { recursive: true })

  function write(file: string, data: Float32Array): void {
    writeFileSync(join(folder, `${file}.f32`), data)
  }
}

/** The house's block with biases on query, key and value, as nn.MultiheadAttention has them. */
function parametersOf(width: number): ParameterSpec[] {
  const init = 'xavier'
  return [
    ...Array.from({ length: layers }, (_, layer) => transformerBlockSpec(`layer${layer}`, { width, mlp, init })).flat(),
    ...Array.from({ length: layers }, (_, layer) => ['query', 'key', 'value'].map((part): ParameterSpec => (
      { name: `layer${layer}.attention.${part}.bias`, shape: [width], init: { kind: 'constant', value: 0 }, decay: false }))).flat(),
    ...normSpec('norm', width), ...linearSpec('out', width, outputs, { init }),
  ]
}
