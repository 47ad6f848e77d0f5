/**
 * One training step (forward, backward, clipping, AdamW) of the `small` profile, 16 clips x 2 views x 64 frames of 27 x 32 x 32 heatmaps, beside the same model
 * in PyTorch (bench/peers/training_step.py), interleaved step by step; medians and range of wall and CPU time (all threads together).
 * Claim: ratio <= 1.0 to the best idiomatic PyTorch. What each does: ours folds the first normalisation into its product and computes the last spatial block
 * for the class token alone, both exact; `idiomatic` is nn.LayerNorm, nn.Linear, scaled_dot_product_attention, fused AdamW; `compiled` is the same under
 * torch.compile; `same algebra` is PyTorch with our two rewritings done by hand.
 * PYTHON=python3 ROUNDS=9 PEERS="2,1,2 compile,2 lean" THREADS=2 SPIN=0 \
 *   node --input-type=module -e "await (await import('vite')).runnerImport('./bench/training-step.ts')"
 */
import { execFileSync, spawn } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { createInterface } from 'node:readline'
import { flatParameters, input, optimiserFeeds, ortExecutor, type Program, trainingGraph } from '../src/engine/index.ts'
import { initialise, la2ds, la2dsDefaults, parameterCount, profileOf } from '../src/models/index.ts'
import { randomAt } from '../src/random.ts'
import { sizeOf, type Tensor } from '../src/tensor.ts'
import { softMatch } from '../src/train/index.ts'

const [rounds, threads, python] = [Number(process.env['ROUNDS'] ?? 9), Number(process.env['THREADS'] ?? cpus().length), process.env['PYTHON'] ?? 'python3']
const spin = process.env['SPIN'] === '1'
const peers = (process.env['PEERS'] ?? '2,1,2 compile,2 lean').split(',').filter((peer) => peer !== '')
const [rows, frames, tokens, patchInputs] = [32, 64, 16, 27 * 64]
const titles: Readonly<Record<string, string>> = { compile: 'compiled', lean: 'same algebra' }

/** Milliseconds of one step; `cpu` is that of all threads together, and tells more where other work shares the cores and one thread is used. */
type Cost = { readonly wall: number; readonly cpu: number }
type Contender = { readonly title: string; readonly step: () => Promise<Cost>; readonly close: () => Promise<void> }

const contenders: Contender[] = []
for (const peer of peers) contenders.push(await pytorch(peer.split(' ')))
contenders.push(await posetta())
const costs = contenders.map((): Cost[] => [])
for (let round = -3; round < rounds; round++) for (const [i, { step }] of contenders.entries()) {
  const cost = await step()
  if (round >= 0) costs[i]!.push(cost) // the first ones compile, allocate and warm up
}
for (const { close } of contenders) await close()

console.log(`${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}, commit ${commit()}, load ${loadavg()[0]!.toFixed(1)}, ${rounds} rounds`)
for (const [i, { title }] of contenders.entries()) console.log(`${title.padEnd(72)} wall ${spread(i, 'wall')}   cpu ${spread(i, 'cpu')}`)

/** Median and range of a contender, and the ratio of ours to it. */
function spread(contender: number, what: keyof Cost): string {
  const [values, ours] = [costs[contender]!.map((cost) => cost[what]), costs.at(-1)!.map((cost) => cost[what])]
  const range = `${Math.min(...values).toFixed(0)}-${Math.max(...values).toFixed(0)}`
  return `${median(values).toFixed(0)} ms (${range}), posetta / this = ${(median(ours) / median(values)).toFixed(2)}`
}

async function posetta(): Promise<Contender> {
  const { size: _size, patch: _patch, sigma: _sigma, ...sizes } = profileOf('small')
  const model = la2ds({ ...la2dsDefaults, ...sizes, tokens, patchInputs })
  const shapes = { ...model.inputs(rows, frames), time: [rows, frames], length: [rows] }
  const inputs = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, input(name, shape)]))
  const { flat, params } = flatParameters(model.parameters)
  const loss = softMatch({ temperature: 0.1, variance: 4, unit: 'frames', window: frames, floor: 0, outside: 'matched' })(model.forward(inputs, params), inputs)
  const graph = trainingGraph({ loss, inputs: Object.values(inputs), parameters: model.parameters, flat, params, optimiser: { kind: 'adamw' }, clipNorm: 1 })
  const program = await ortExecutor({ device: 'cpu', threads, spin }).compile(graph)
  const start = initialise(model.parameters, 0)
  await program.writeState({ params: filled(flat.shape, Float32Array.from(model.parameters.flatMap(({ name }) => Array.from(start[name]!.data)))) })
  const feeds = exampleOf((tensors) => model.feeds(tensors))
  let step = 0
  return {
    title: `posetta, ${threads} threads${spin ? ' (spinning)' : ''}, ${parameterCount(model)} parameters`,
    step: () => timed(program, { ...feeds, ...optimiserFeeds(1e-3, ++step, { kind: 'adamw' }) }),
    close: () => program.close(),
  }
}

async function timed(program: Program, feeds: Readonly<Record<string, Tensor>>): Promise<Cost> {
  const [start, before] = [performance.now(), process.cpuUsage()]
  const { loss } = await program.run(feeds)
  const [wall, { user, system }] = [performance.now() - start, process.cpuUsage(before)]
  if (!Number.isFinite(loss!.data[0])) throw new Error(`the loss is ${loss!.data[0]}`)
  return { wall, cpu: (user + system) / 1000 }
}

/** Patches of the rival's distribution (u^8), whole views of 64 frames. */
function exampleOf(feedsOf: (tensors: Record<string, Tensor>) => Record<string, Tensor>): Record<string, Tensor> {
  const random = randomAt({ seed: 1 })
  const patches = filled([rows, frames, tokens, patchInputs], Float32Array.from({ length: 1 << 20 }, () => random.uniform() ** 8))
  const mask = filled([rows, frames], Float32Array.of(1))
  const time = filled([rows, frames], Float32Array.from({ length: frames }, (_, frame) => frame))
  return { ...feedsOf({ patches, mask }), time, length: filled([rows], Float32Array.of(frames)) }
}

/** A tensor that repeats some numbers. */
function filled(shape: readonly number[], numbers: Float32Array): Tensor {
  const data = new Float32Array(sizeOf(shape))
  for (let start = 0; start < data.length; start += numbers.length) data.set(numbers.subarray(0, data.length - start), start)
  return { shape, data }
}

async function pytorch([peerThreads, variant]: readonly string[]): Promise<Contender> {
  const options = variant === undefined ? [] : [variant]
  const child = spawn(python, ['bench/peers/training_step.py', peerThreads!, ...options], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async (): Promise<string> => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error(`PyTorch (${peerThreads} ${variant ?? ''}) ended`)
    return value
  }
  const ready = await answer()
  return {
    title: `${ready.replace('ready ', '')}, ${peerThreads} threads, ${titles[variant ?? ''] ?? 'idiomatic'}`,
    step: async () => {
      child.stdin.write('step\n')
      const [wall, cpu] = (await answer()).split(' ').map(Number)
      return { wall: wall!, cpu: cpu! }
    },
    close: async () => { child.stdin.end() },
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function commit(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
}
