/**
 * Training steps (forward, backward, SGD with momentum) of stacks of convolutions beside idiomatic PyTorch, from the same numbers, interleaved step by step, each in a process of
 * its own: `graph` is three blocks of ST-GCN (3 partitions with a learnable A, 9 x 1 over time; 64, 128, 128 channels) on 16 x 64 frames x 25 joints; `volume` is PoseC3D-like, a 3 x 3 x 3 stem,
 * two bottlenecks of 3 x 1 x 1 and 1 x 3 x 3, and a 3 x 3 x 3 on 2 x 17 heatmaps x 32 frames x 56 x 56 px, 32 to 64 channels. After `-plain` batch normalisation is a gain and a bias only.
 * The losses must agree. Claim: graph <= 1.5 of PyTorch's time, volume <= 2; peak memory <= PyTorch's.
 * PYTHON=python3 STACKS=graph,graph-plain,volume,volume-plain PEERS="2,1,2 last,1 last" THREADS=2 SPIN=100 ROUNDS=15 \
 *   node --input-type=module -e "await (await import('vite')).runnerImport('./bench/engine/convolutions.ts')"
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomAt } from '../../src/random.ts'
import { sizeOf } from '../../src/tensor.ts'
import { checkSameLosses, contest, machine, startContender, table } from './contest.ts'

type Parameter = { readonly name: string; readonly shape: readonly number[] }

const { PYTHON: python = 'python3', STACKS = 'graph,graph-plain,volume,volume-plain', PEERS = '2,1,2 last,1 last', THREADS = String(cpus().length), SPIN = '100', ROUNDS = '15' } = process.env

const stacks: Readonly<Record<string, { x: readonly number[]; y: readonly number[]; parameters: readonly Parameter[] }>> = {
  graph: { x: [16, 64, 64, 25], y: [16, 128], parameters: [...graphBlock('block0', 64, 64, 25), ...graphBlock('block1', 64, 128, 25), ...graphBlock('block2', 128, 128, 25)] },
  volume: {
    x: [2, 17, 32, 56, 56], y: [2, 64],
    parameters: [...conv('stem', 32, 17, 3, 3, 3), ...bottleneck('block0', 32), ...bottleneck('block1', 64), ...conv('last', 64, 64, 3, 3, 3)],
  },
}

console.log(`${machine()}, ${ROUNDS} rounds`)
for (const asked of STACKS.split(',')) {
  const [stack, variant] = asked.split('-') as [string, string | undefined]
  const { x, y, parameters } = stacks[stack]!
  const folder = mkdtempSync(join(tmpdir(), 'convolutions-'))
  const random = randomAt({ seed: 1 })
  write('params', parameters.flatMap((parameter) => startOf(parameter)))
  write('x', Array.from({ length: sizeOf(x) }, () => random.normal()))
  write('y', Array.from({ length: sizeOf(y) }, () => random.normal()))
  const work = { folder, stack, plain: variant === 'plain', x, y, parameters }
  const contenders = [
    await startContender(process.execPath, ['bench/engine/convolutions-ours.js', JSON.stringify({ ...work, threads: Number(THREADS), spin: Number(SPIN) })]),
    ...await Promise.all(PEERS.split(',').map((peer) => {
      const [threads, layout] = peer.split(' ')
      return startContender(python, ['bench/peers/convolutions_step.py', JSON.stringify({ ...work, threads: Number(threads), last: layout === 'last' })])
    })),
  ]
  const results = await contest(contenders, { warmups: 3, rounds: Number(ROUNDS) })
  checkSameLosses(results, 1e-3)
  console.log(`${asked}: [${x.join(', ')}], ${parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0)} parameters\n${table(results)}`)
  rmSync(folder, { recursive: true })

  function write(file: string, numbers: readonly number[]): void {
    writeFileSync(join(folder, `${file}.f32`), Float32Array.from(numbers))
  }

  /** Gains 1, biases 0, the identity for the learnable graphs, and normal numbers by the inputs of a filter. */
  function startOf({ name, shape }: Parameter): number[] {
    if (name.endsWith('.gain')) return Array.from({ length: sizeOf(shape) }, () => 1)
    if (name.endsWith('.bias')) return Array.from({ length: sizeOf(shape) }, () => 0)
    if (name.endsWith('.graph')) return Array.from({ length: sizeOf(shape) }, (_, i) => (i % (shape[1]! ** 2) % (shape[1]! + 1) === 0 ? 0.5 : 0.02))
    return Array.from({ length: sizeOf(shape) }, () => random.normal() / Math.sqrt(sizeOf(shape.slice(1))))
  }
}

/** Filters, and the gain and bias that follow. */
function conv(name: string, filters: number, channels: number, ...kernel: readonly number[]): Parameter[] {
  return [{ name: `${name}.weight`, shape: [filters, channels, ...kernel] }, { name: `${name}.gain`, shape: [filters] }, { name: `${name}.bias`, shape: [filters] }]
}

function graphBlock(name: string, channels: number, filters: number, joints: number): Parameter[] {
  const shortcut = channels === filters ? [] : conv(`${name}.shortcut`, filters, channels, 1, 1)
  const [weight, ...norm] = conv(`${name}.spatial`, filters, channels, 1, 1)
  return [{ name: `${name}.graph`, shape: [3, joints, joints] }, { ...weight!, shape: [3 * filters, channels, 1, 1] }, ...norm, ...conv(`${name}.temporal`, filters, filters, 9, 1), ...shortcut]
}

function bottleneck(name: string, channels: number): Parameter[] {
  return [
    ...conv(`${name}.time`, 32, channels, 3, 1, 1), ...conv(`${name}.space`, 32, 32, 1, 3, 3), ...conv(`${name}.out`, 64, 32, 1, 1, 1), ...conv(`${name}.shortcut`, 64, channels, 1, 1, 1),
  ]
}
