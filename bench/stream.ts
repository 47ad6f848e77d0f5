/**
 * Batches in Python: `posetta stream | python` (python/posetta_stream.py) beside torch's DataLoader over clips in memory, in batches/s and MB/s of the one tensor, interleaved pass by pass in one run;
 * medians and range. Joints [8, 32, 17, 3] (52 kB) and heatmaps [8, 32, 17, 64, 64] of sigma 2 (71.3 MB), float32. A figure stands only where what arrived in Python has the hash of what the loader
 * makes in its own process, before and after (maps within 4e-6 of it count as it, since exponentials differ): else the run says REFUSED. Starting is not counted, of anybody.
 * After `npm run build`: POSETTA_PYTHON=python3 (torch, numpy, pyarrow) ROUNDS=7 SECONDS=3 WORKERS=2 node --input-type=module -e "await (await import('vite')).runnerImport('./bench/stream.ts')"
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { entryOf, readCatalog } from '../src/catalog.ts'
import type { Clip } from '../src/clip.ts'
import { createLoader, localMaker, planOf, recipeOf, type RecipeSpec, sourceOfClips } from '../src/loader/index.ts'
import { randomAt } from '../src/random.ts'
import type { Skeleton } from '../src/skeleton.ts'
import { hashSides } from '../src/split.ts'
import { writeClips, writeSplit } from '../src/store/index.ts'
import { gridPoints } from '../src/transforms/heatmap-spec.ts'
import { startContender } from './loader/contender.ts'
import { race } from './loader/race.ts'

const [python, rounds, seconds] = [process.env['POSETTA_PYTHON'] ?? 'python3', Number(process.env['ROUNDS'] ?? 7), Number(process.env['SECONDS'] ?? 3)]
const workers = process.env['WORKERS'] ?? '2'
const [count, batchSize, frames, size, sigma, seed, px] = [32, 8, 32, 64, 2, 2026, 480]
const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'posetta-stream-bench-'))
const works = { joints: { points: { persons: 1, dims: 2 } }, heatmaps: { heatmaps: { channels: 'joint', size, sigma, patch: null } } } as const

try {
  const { skeleton } = entryOf(await readCatalog(), 'pyskl')
  const clips = Array.from({ length: count }, (_, number) => clipOf(number, skeleton))
  await writeStore(clips, skeleton)
  console.log(`${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}, commit ${execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()}, load ${loadavg()[0]!.toFixed(1)}, ${rounds} rounds of ${seconds} s`)
  for (const kind of ['joints', 'heatmaps'] as const) {
    const bytes = await writeWork(kind, clips, { seed, skeleton, frames, views: [[]], ...works[kind] })
    for (const { title, perSecond } of await raced()) {
      const figure = perSecond === null ? 'REFUSED: what arrived is not the reference' : `${spread(perSecond.map((clips) => clips / batchSize))} batches/s, ${spread(perSecond.map((clips) => (clips / batchSize) * bytes / 1e6))} MB/s`
      console.log(`${kind.padEnd(9)} ${title.padEnd(56)} ${figure}`)
    }
  }
} finally {
  rmSync(folder, { recursive: true })
}

/** A store with the clips to train on, and one more to test on. */
async function writeStore(clips: readonly Clip[], skeleton: Skeleton): Promise<void> {
  const storeDir = join(folder, 'store')
  const ids = clips.map(({ id }) => id)
  const sides = { train: ids, test: ['pyskl/9999'] }
  const { root } = await writeClips({ storeDir, dataset: 'pyskl', skeletons: [{ name: skeleton.name, joints: skeleton.joints }], clips: [...clips, { ...clips[0]!, id: 'pyskl/9999', group: '9999' }] })
  await writeSplit(storeDir, { name: 'official', dataset: 'pyskl', query: 'bench', groupKey: 'group_id', seed: 0, salt: '0', hash: hashSides(sides), sides }, root)
}

/** The work as files for Python: bench/peers/stream_peers.py has what is in them. Answers the bytes of a batch's tensor. */
async function writeWork(kind: keyof typeof works, clips: readonly Clip[], spec: RecipeSpec): Promise<number> {
  const source = sourceOfClips(clips)
  const { sampleAt } = planOf({ seed }, source.clips)
  const loader = createLoader({ plan: planOf({ seed }, source.clips), split: '', root: '', batchSize, epochs: 1, maker: () => localMaker({ source, recipe: recipeOf(spec) }) })
  const batches: Uint8Array[] = []
  for await (const { tensors } of loader) batches.push(Uint8Array.from(bytesOf(tensors[kind === 'joints' ? 'points' : 'heatmaps']!.data)))
  const onGrid = (clip: Clip): number[] => Array.from({ length: frames }, (_, frame) => gridPoints(clip, { frame, person: 0, size }).map(({ x, y, confidence }) => [x, y, confidence])).flat(2)
  writeFileSync(join(folder, 'reference.f32'), Buffer.concat(batches))
  writeFileSync(join(folder, 'points.f32'), bytesOf(kind === 'heatmaps' ? Float32Array.from(clips.flatMap(onGrid)) : Float32Array.from(clips.flatMap(({ keypoints }) => [...keypoints!]))))
  writeFileSync(join(folder, 'order.i32'), bytesOf(Int32Array.from({ length: count }, (_, sample) => sampleAt(sample).row)))
  const threads = kind === 'heatmaps' ? ['--workers', workers] : []
  writeFileSync(join(folder, 'work.json'), JSON.stringify({
    kind, repeat: kind === 'joints' ? 100 : 2, batch: batchSize, frames, joints: spec.skeleton.joints.length, size, sigma, tolerance: kind === 'joints' ? 0 : 4e-6,
    arguments: ['pyskl', '--store', join(folder, 'store'), '--seed', String(seed), '--batch', String(batchSize), '--frames', String(frames), '--views', '[[]]', '--tensors', JSON.stringify(works[kind]), ...threads] }))
  return batches[0]!.length
}

async function raced(): ReturnType<typeof race> {
  const peer = (...who: string[]): ReturnType<typeof startContender> => startContender(who.join(' '), python, ['bench/peers/stream_peers.py', folder, ...who])
  const reference = await peer('reference')
  const references = [await reference.fingerprint()]
  await reference.close()
  const contenders = [await peer('posetta'), await peer('torch', '0'), await peer('torch', workers)]
  try {
    return await race(contenders.map((contender) => ({ contender, references })), { rounds, seconds })
  } finally {
    for (const contender of contenders) await contender.close()
  }
}

/** Joints all over the picture. */
function clipOf(number: number, { name, joints }: Skeleton): Clip {
  const random = randomAt({ seed: number })
  return {
    id: `pyskl/${String(number).padStart(4, '0')}`, dataset: 'pyskl', group: `${number}`, skeleton: name, fps: 30, width: px, height: px, frames, persons: 1, joints: joints.length, dims: 2, source: 'pyskl',
    keypoints: Float32Array.from({ length: frames * joints.length * 3 }, (_, i) => (i % 3 === 2 ? 1 : random.between(0, px))), states: new Uint8Array(frames * joints.length), raw: null,
    time: Float32Array.from({ length: frames }, (_, t) => t), boxes: null, signals: null, calibration: null, unit: 'px', flags: [], files: [],
    labels: { action: null, officialSplit: null, view: null, subject: null, scene: null, camera: null, phases: null, sides: {}, segments: [] },
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  return `${sorted[Math.floor(sorted.length / 2)]!.toPrecision(3)} (${sorted[0]!.toPrecision(3)}-${sorted.at(-1)!.toPrecision(3)})`
}
