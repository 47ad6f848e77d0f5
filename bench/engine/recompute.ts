/**
 * Peak memory and time of a training step on long sequences, blocks kept and blocks computed again: a transformer encoder of 6 blocks (width 128, 4 heads), 4 sequences of
 * FRAMES frames. Each variant in a process of its own, which runs 3 steps; `peak` is the process's largest resident size less what it was before the session,
 * `planned` what memoryPlan estimates. Losses must be the same bits.
 * Claim: less than half the memory. FRAMES=512,1024 THREADS=1 node --input-type=module -e "await (await import('vite')).runnerImport('./bench/engine/recompute.ts')"
 */
import { execFileSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { encodeOnnx, flatParameters, input, mean, memoryPlan, optimiserFeeds, ortExecutor, recompute, square, sub, trainingGraph } from '../../src/engine/index.ts'
import { transformerBlock, transformerBlockSpec } from '../../src/models/blocks/transformer-block.ts'
import { randomAt } from '../../src/random.ts'
import { sizeOf } from '../../src/tensor.ts'

const [sequences, width, heads, layers, threads] = [4, 128, 4, 6, Number(process.env['THREADS'] ?? 1)]
const variant = process.env['VARIANT']

if (variant === undefined) {
  console.log(`${cpus()[0]!.model}, Node ${process.version}, ${threads} threads, load ${loadavg()[0]!.toFixed(1)}`)
  for (const frames of (process.env['FRAMES'] ?? '512,1024').split(',')) {
    for (const of of ['kept', 'again']) console.log(child(frames, of))
  }
} else {
  await measure(Number(process.env['FRAMES']), variant)
}

function child(frames: string, of: string): string {
  const script = "await (await import('vite')).runnerImport('./bench/engine/recompute.ts')"
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', env: { ...process.env, FRAMES: frames, VARIANT: of } }).trim()
}

async function measure(frames: number, of: string): Promise<void> {
  const graph = graphOf(frames, of === 'again')
  encodeOnnx(graph)
  const before = process.memoryUsage().rss
  const program = await ortExecutor({ device: 'cpu', threads }).compile(graph)
  const random = randomAt({ seed: 1 })
  const drawn = (shape: readonly number[], deviation: number) => ({ shape, data: Float32Array.from({ length: sizeOf(shape) }, () => random.normal() * deviation) })
  await program.writeState(graph.start(drawn(graph.state[0]!.input.shape, 0.05).data))
  const feeds = { x: drawn([sequences, frames, width], 1), y: drawn([sequences, frames, width], 1) }
  const [losses, times]: [number[], number[]] = [[], []]
  for (let step = 1; step <= 3; step++) {
    const start = performance.now()
    const { loss } = await program.run({ ...feeds, ...optimiserFeeds(1e-3, step, { kind: 'adamw' }) })
    times.push(performance.now() - start)
    losses.push(loss!.data[0]!)
  }
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
  const peak = process.resourceUsage().maxRSS * 1024 - before
  console.log([
    `${frames} frames, blocks ${of}:`, `peak ${megabytes(peak)}`, `planned ${megabytes(memoryPlan(graph).peakBytes)}`, `step ${Math.min(...times).toFixed(0)} ms`, `losses ${losses.join(' ')}`,
  ].join('  '))
}

function graphOf(frames: number, again: boolean) {
  const parameters = Array.from({ length: layers }, (_, layer) => transformerBlockSpec(`${layer}`, { width, mlp: 4, init: 'fan-in' })).flat()
  const { flat, params } = flatParameters(parameters)
  const [x, y] = [input('x', [sequences, frames, width]), input('y', [sequences, frames, width])]
  const blocks = Array.from({ length: layers }, (_, layer) => (hidden: typeof x) => transformerBlock(hidden, params, { name: `${layer}`, heads }))
  const hidden = blocks.reduce((before, block) => (again ? recompute(block, before) : block(before)), x)
  return trainingGraph({ loss: mean(square(sub(hidden, y)), [0, 1, 2]), inputs: [x, y], parameters, flat, params, optimiser: { kind: 'adamw' }, clipNorm: 1 })
}
