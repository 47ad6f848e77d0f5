/**
 * What training shards cost: making them from a store of Penn Action's size (2,326 drawn clips of 40 to 102 frames, 13 joints) and of ten times that, opening them,
 * a random clip by `keypoints` and by `read`, from disk and from memory; opening the index of 1,000,000 clips. Medians and range of RUNS. After `npm run build`:
 * RUNS=5 SCALES=1,10 node --input-type=module -e "await (await import('vite')).runnerImport('./bench/training-shards.ts')"
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Clip } from '../src/clip.ts'
import { sha256 } from '../src/hash.ts'
import { openTrainingShards, sourceOf } from '../src/loader/shards/index.ts'
import { ENTRY_FILE, findEntry, FORMAT, INDEX_FILE } from '../src/loader/shards/entry.ts'
import { createIndexWriter } from '../src/loader/shards/index-writer.ts'
import { LISTS } from '../src/loader/shards/index-layout.ts'
import { openEntry } from '../src/loader/shards/opened.ts'
import { randomAt } from '../src/random.ts'
import { sealJson, writeClips } from '../src/store/index.ts'

const runs = Number(process.env['RUNS'] ?? 5)
const scales = (process.env['SCALES'] ?? '1,10').split(',').map(Number)
const [PENN, MILLION, READS] = [2326, 1_000_000, 20_000]
const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'posetta-shards-'))
const joints = Array.from({ length: 13 }, (_, joint) => `joint_${joint}`)
const states = new Uint8Array(103 * 13)
const swings = Array.from({ length: 103 }, (_, frames) => swing(frames))
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
console.log(`${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}, commit ${commit}, load ${loadavg()[0]!.toFixed(1)}, ${runs} runs`)
try {
  for (const scale of scales) await shardsOf(scale)
  await millionIndex()
} finally {
  rmSync(folder, { recursive: true })
}

async function shardsOf(scale: number): Promise<void> {
  const storeDir = join(folder, `store-${scale}`)
  const clips = Array.from({ length: PENN * scale }, (_, at) => drawnClip(at))
  await writeClips({ storeDir, dataset: 'penn', skeletons: [{ name: 'penn-13', joints }], clips })
  clips.length = 0
  const [build, open, cpu, megabytes, bytes]: [number[], number[], number[], number[], number[]] = [[], [], [], [], []]
  for (let run = 0; run < runs; run++) {
    const made = inProcess(storeDir, join(folder, `cache-${run}`))
    build.push(made.build)
    open.push(1e3 * made.open)
    cpu.push(made.cpu)
    megabytes.push(made.megabytes)
    bytes.push(made.bytes)
  }
  console.log(`x${scale}: ${PENN * scale} clips, ${(bytes[0]! / 1e6).toFixed(1)} MB made in ${shown(build)} s, opened in ${shown(open)} ms; CPU ${shown(cpu)} s, peak RSS ${shown(megabytes)} MB`)
  for (const memoryBytes of [0, 2 ** 32]) {
    const { opened, close } = await openTrainingShards({ storeDir, dataset: 'penn', cacheDir: join(folder, 'cache-0'), memoryBytes })
    const source = sourceOf(opened)
    const rows = Uint32Array.from({ length: READS }, (_, at) => Math.floor(randomAt({ seed: 1, position: at }).uniform() * source.clips.count))
    const first = await timed(() => rows.forEach((row) => source.keypoints(row, 0, source.clips.frames[row]!)))
    const [keypoints, read]: [number[], number[]] = [[], []]
    for (let run = 0; run < runs; run++) {
      keypoints.push(1e6 * await timed(() => rows.forEach((row) => source.keypoints(row, 0, source.clips.frames[row]!))) / READS)
      read.push(1e6 * await timed(() => rows.forEach((row) => source.read(row))) / READS)
    }
    console.log(`  ${memoryBytes === 0 ? 'from disk' : 'from memory'}: first ${READS} random clips ${first.toFixed(2)} s; then keypoints ${shown(keypoints)} us a clip, read ${shown(read)} us`)
    source.close()
    await close()
  }
  rmSync(storeDir, { recursive: true })
}

/** Builds and opens again, in a process of its own: seconds, and the peak of its memory. */
function inProcess(storeDir: string, cacheDir: string): { build: number; open: number; cpu: number; megabytes: number; bytes: number } {
  const script = `
    const { openTrainingShards } = await import(${JSON.stringify(pathToFileURL(join(process.cwd(), 'dist/loader/shards/index.js')).href)})
    const request = ${JSON.stringify({ storeDir, dataset: 'penn', cacheDir, memoryBytes: 0 })}
    const began = performance.now()
    const { opened, close } = await openTrainingShards(request)
    await close()
    const built = performance.now()
    const { user, system } = process.cpuUsage()
    await (await openTrainingShards(request)).close()
    const bytes = opened.entry.shards.reduce((sum, shard) => sum + shard.bytes, 0)
    console.log(JSON.stringify({ build: (built - began) / 1e3, open: (performance.now() - built) / 1e3, cpu: (user + system) / 1e6, megabytes: process.resourceUsage().maxRSS / 1024, bytes }))`
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })) as ReturnType<typeof inProcess>
}

async function millionIndex(): Promise<void> {
  const writer = createIndexWriter()
  const clip = drawnClip(0)
  for (let at = 0; at < MILLION; at++) {
    const id = `penn/${String(at).padStart(7, '0')}`
    writer.addClip({ ...clip, id, group: id, keypoints: null }, Math.floor(at / 32), at % 32)
    if (at % 32 === 31) writer.addBatch(Math.floor(at / 40_000), { start: 0, bytes: 0, sha256: sha256(''), buffers: LISTS.flatMap(() => [0, 0]) }, 32)
  }
  const { parts, sections, ...found } = writer.finish()
  const bytes = Buffer.concat(parts)
  const key = sha256('million')
  writeFileSync(join(folder, INDEX_FILE), bytes)
  writeFileSync(join(folder, ENTRY_FILE), sealJson({ format: FORMAT, key, dataset: 'penn', root: key, ...found, shards: [], pictures: null, index: { file: INDEX_FILE, bytes: bytes.length, sha256: sha256(bytes) }, sections }))
  const [open, plan]: [number[], number[]] = [[], []]
  for (let run = 0; run < runs; run++) {
    let source
    open.push(await timed(async () => {
      source = sourceOf(openEntry(folder, (await findEntry(folder, key))!, 0))
      return source.clips.count
    }))
    plan.push(await timed(() => [source!.clips.frames[5], source!.clips.id(777_777), source!.clips.label('action').codes[9]]))
  }
  console.log(`1,000,000 clips: index of ${(bytes.length / 1e6).toFixed(0)} MB opened in ${shown(open.map((s) => 1e3 * s))} ms; frames, an id and the actions ${shown(plan.map((s) => 1e3 * s))} ms more`)
}

/** Clips of one length share their joints: a hundred times Penn Action fits into memory. */
function swing(frames: number): Float32Array {
  return Float32Array.from({ length: frames * 39 }, (_, cell) => (cell % 3 === 2 ? 1 : 100 + ((cell * 7919 + frames * 104_729) % 4001) / 16))
}

function drawnClip(at: number): Clip {
  const id = `penn/${String(at).padStart(6, '0')}`
  const frames = 40 + Math.floor(randomAt({ seed: 2, position: at }).uniform() * 63)
  const keypoints = swings[frames]!
  return {
    id, dataset: 'penn', group: id, skeleton: 'penn-13', fps: null, width: 480, height: 270, frames, persons: 1, joints: 13, dims: 2, source: 'manual', unit: 'px',
    keypoints, states: states.subarray(0, frames * 13), raw: null, time: Float32Array.from({ length: frames }, (_, t) => t), boxes: new Float32Array(4 * frames).fill(50),
    signals: null, calibration: null, flags: [], files: [],
    labels: { action: `action ${at % 15}`, officialSplit: at % 2 === 0 ? 'train' : 'test', sides: {}, view: 'front', subject: null, scene: null, camera: null, phases: null, segments: [] },
  }
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

function shown(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  return `${sorted[sorted.length >> 1]!.toPrecision(3)} (${sorted[0]!.toPrecision(3)}-${sorted.at(-1)!.toPrecision(3)})`
}
