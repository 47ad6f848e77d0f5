/**
 * Heatmaps [8, 32, 17, 64, 64] of float32, sigma 2 (71.3 MB): the kernel on one and on two threads that share memory, beside what memory takes (a loop of 16-byte
 * stores of a number that is not 0, and memory.fill with 0) and beside PyTorch and numpy (the batch of a training is in bench/points.ts).
 * The median of rounds, each the middle one of three batches. Says nothing where a map is not within the stated distance of the formula in doubles. All contenders take turns in every round.
 * POSETTA_PYTHON=python3 ROUNDS=25 node --input-type=module -e "await (await import('vite')).runnerImport('./bench/heatmaps.ts')"
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Worker } from 'node:worker_threads'
import type { Clip } from '../src/clip.ts'
import { randomAt } from '../src/random.ts'
import type { Skeleton } from '../src/skeleton.ts'
import { createHeatmapKernel } from '../src/transforms/heatmap-kernel.ts'
import { heatmapsExactly } from '../src/transforms/heatmap-oracle.ts'
import { gridPoints, type HeatmapSpec } from '../src/transforms/heatmap-spec.ts'
import { createMemory, type WasmMemory } from '../src/wasm.ts'

type Contender = {
  readonly title: string
  /** Milliseconds of one batch. */
  readonly draw: () => number | Promise<number>
  /** What was drawn last, and how far it may be from the formula; null = it draws no maps. */
  readonly drawn: (() => Float32Array | Uint8Array | Promise<Float32Array>) | null
  readonly tolerance: number
}

const rounds = Number(process.env['ROUNDS'] ?? 25)
const [clips, frames, joints, size] = [8, 32, 17, 64]
const names = Array.from({ length: joints }, (_, joint) => `joint ${joint}`)
const skeleton: Skeleton = { name: 'seventeen', joints: names, rawJoints: names, edges: [], pairs: [] }
const spec: HeatmapSpec = { skeleton, channels: 'joint', size, sigma: 2, patch: null }
const perClip = frames * joints * size * size
const batch = Array.from({ length: clips }, (_, i) => clipOf(i))
const exact = Float32Array.from(batch.flatMap((clip) => [heatmapsExactly(clip, spec)]).reduce((all, maps, i) => {
  all.set(maps, i * perClip)
  return all
}, new Float64Array(clips * perClip)))
const folder = mkdtempSync(join(tmpdir(), 'heatmaps-'))

// scratch regions, then the batch
const scratchBytes = 2 ** 20
const memory = createMemory(2 * scratchBytes + exact.byteLength)
const out = new Float32Array(memory.buffer, 2 * scratchBytes, exact.length)
const bytes = new Uint8Array(memory.buffer, 2 * scratchBytes, exact.length)
const workers: Worker[] = []
const store = storesOf(memory)
const contenders: readonly Contender[] = [
  { title: 'store loop, 16 bytes each, not 0', draw: () => timed(() => store.loop(out.byteOffset, out.byteLength)), drawn: null, tolerance: 0 },
  { title: 'memory.fill, not 0', draw: () => timed(() => store.fill(out.byteOffset, out.byteLength, 63)), drawn: null, tolerance: 0 },
  { title: 'memory.fill, 0', draw: () => timed(() => store.fill(out.byteOffset, out.byteLength, 0)), drawn: null, tolerance: 0 },
  ours('posetta, 1 thread', spec, out, 1e-6),
  ours('posetta, 1 thread, reach 3 sigma', { ...spec, reach: 3 }, out, 0.0112),
  ours('posetta, 1 thread, bytes', spec, bytes, 0.5 / 255 + 1e-6),
  threads(2),
  ...(await python(['torch 1', 'torch 2', 'numpy', 'loader 2'])),
]

const times = contenders.map((): number[] => [])
const worst = contenders.map(() => 0)
for (let round = -2; round < rounds; round++) for (const [i, { draw, drawn, tolerance, title }] of contenders.entries()) {
  // the middle one of three: what the others left in the caches is not this one's
  const milliseconds = median([await draw(), await draw(), await draw()])
  if (round >= 0) times[i]!.push(milliseconds) // the first rounds compile and touch the memory
  if (drawn === null || (round >= 0 && round < rounds - 1)) continue
  worst[i] = Math.max(worst[i]!, distance(await drawn()))
  if (!(worst[i]! <= tolerance)) throw new Error(`${title} is ${worst[i]} from the formula, ${tolerance} are allowed`)
}
for (const worker of workers) await worker.terminate()
rmSync(folder, { recursive: true })

const floor = Math.min(median(times[0]!), median(times[1]!))
const ourTime = median(times[3]!)
console.log(`${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}, commit ${commit()}, load ${loadavg()[0]!.toFixed(1)}, ${rounds} rounds, ${(exact.byteLength / 1e6).toFixed(1)} MB`)
for (const [i, { title, drawn }] of contenders.entries()) {
  const [middle, least] = [median(times[i]!), Math.min(...times[i]!)]
  const off = drawn === null ? '' : `, at most ${worst[i]!.toExponential(1)} from the formula`
  console.log(`${title.padEnd(34)} ${middle.toFixed(2)} ms (least ${least.toFixed(2)}), ${((clips * 1000) / middle).toFixed(0)} clips/s, posetta / this = ${(middle / ourTime).toFixed(2)}${off}`)
}
console.log(`share of the store bandwidth: ${(floor / ourTime).toFixed(2)} (1 thread, medians)`)
process.exit(0)

function ours(title: string, asked: HeatmapSpec, to: Float32Array | Uint8Array, tolerance: number): Contender {
  const kernel = createHeatmapKernel(memory, { start: 0, end: scratchBytes })
  return {
    title, tolerance, drawn: () => to,
    draw: () => timed(() => batch.forEach((clip, i) => kernel.draw(clip, asked, to.subarray(i * perClip, (i + 1) * perClip)))),
  }
}

/** Half of the clips each. The time is from the word to the last answer. */
function threads(count: number): Contender {
  const module = new URL('../dist/transforms/heatmap-kernel.js', import.meta.url).href
  for (let index = 0; index < count; index++) workers.push(new Worker(`
    import { parentPort, workerData } from 'node:worker_threads'
    const { module, memory, batch, spec, scratch, at, perClip } = workerData
    const kernel = (await import(module)).createHeatmapKernel(memory, scratch)
    parentPort.on('message', () => {
      batch.forEach((clip, i) => kernel.draw(clip, spec, new Float32Array(memory.buffer, at + i * perClip * 4, perClip)))
      parentPort.postMessage(null)
    })`, {
    eval: true, execArgv: ['--input-type=module'],
    workerData: {
      module, memory, batch: batch.slice(index * clips / count, (index + 1) * clips / count), spec, perClip,
      scratch: { start: index * scratchBytes, end: (index + 1) * scratchBytes }, at: out.byteOffset + (index * clips / count) * perClip * 4,
    },
  }))
  return {
    title: `posetta, ${count} threads`, tolerance: 1e-6, drawn: () => out,
    draw: async () => {
      const start = performance.now()
      await Promise.all(workers.map((worker) => new Promise((resolve) => {
        worker.once('message', resolve)
        worker.postMessage(null)
      })))
      return performance.now() - start
    },
  }
}

async function python(titles: readonly string[]): Promise<Contender[]> {
  if (process.env['POSETTA_PYTHON'] === undefined) return []
  const points = join(folder, 'points')
  writeFileSync(points, new Uint8Array(Float64Array.from(batch.flatMap((clip) => Array.from({ length: frames }, (_, frame) =>
    gridPoints(clip, { frame, person: 0, size }).flatMap(({ x, y, confidence }) => [x, y, confidence])).flat())).buffer))
  const child = spawn(process.env['POSETTA_PYTHON'], ['bench/peers/heatmaps_peers.py', points], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ask = async (question: string): Promise<string> => {
    if (question !== '') child.stdin.write(`${question}\n`)
    const { value, done } = await lines.next()
    if (done === true) throw new Error(`${question}: Python ended`)
    return value
  }
  console.log(await ask(''))
  return titles.map((title) => ({
    title, tolerance: title.startsWith('loader') ? 0.0112 : 4e-6,
    draw: async () => Number(await ask(title)),
    drawn: async () => {
      const file = join(folder, 'drawn')
      await ask(`dump ${title} ${file}`)
      const { buffer, byteOffset } = readFileSync(file)
      return new Float32Array(buffer, byteOffset, exact.length)
    },
  }))
}

/** The least that any of them can do: to store the bytes. */
function storesOf(memory: WasmMemory): { loop(at: number, bytes: number): void; fill(at: number, bytes: number, byte: number): void } {
  writeFileSync(join(folder, 'stores.ts'), `
    export function loop(at: usize, bytes: usize): void {
      const value = f32x4.splat(0.5)
      for (const end = at + bytes; at < end; at += 64) { v128.store(at, value); v128.store(at, value, 16); v128.store(at, value, 32); v128.store(at, value, 48) }
    }
    export function fill(at: usize, bytes: usize, byte: u8): void { memory.fill(at, byte, bytes) }`)
  execFileSync(process.execPath, [
    'node_modules/assemblyscript/bin/asc.js', 'stores.ts', '--baseDir', folder, '--outFile', 'stores.wasm',
    '-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd,threads,bulk-memory', '--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'])
  type Assembly = { Module: new (bytes: Uint8Array) => object; Instance: new (module: object, imports: object) => { exports: object } }
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: Assembly }).WebAssembly
  return new Instance(new Module(readFileSync(join(folder, 'stores.wasm'))), { env: { memory } }).exports as ReturnType<typeof storesOf>
}

/** Joints all over the picture. */
function clipOf(seed: number): Clip {
  const random = randomAt({ seed })
  const keypoints = Float32Array.from({ length: frames * joints * 3 }, (_, i) => (i % 3 === 2 ? 1 : random.between(0, 480)))
  return {
    id: `bench/${seed}`, dataset: 'bench', group: `${seed}`, skeleton: skeleton.name, fps: 30, width: 480, height: 480, frames, persons: 1, joints, dims: 2,
    source: 'synthetic', keypoints, states: new Uint8Array(frames * joints), raw: null, time: Float32Array.from({ length: frames }, (_, t) => t), boxes: null, signals: null,
    calibration: null, unit: 'px', flags: [], files: [],
    labels: { action: null, officialSplit: null, view: null, subject: null, scene: null, camera: null, phases: null, sides: {}, segments: [] },
  }
}

function timed(work: () => unknown): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

/** How far maps are from the formula, at most. */
function distance(maps: Float32Array | Uint8Array): number {
  const unit = maps instanceof Uint8Array ? 1 / 255 : 1
  let most = 0
  for (let i = 0; i < exact.length; i++) most = Math.max(most, Math.abs(maps[i]! * unit - exact[i]!))
  return most
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function commit(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
}
