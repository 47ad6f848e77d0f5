/**
 * One training batch of the `small` profile: 2 x 16 clips x 64 frames x 27 channels x 32 x 32 (226 MB of float32), one thread, beside filling the same memory with 0;
 * `viewsMs` is the whole batch as the loader makes it: augmentation of both views, drawing, mask, time.
 * node --input-type=module -e "await (await import('vite')).runnerImport('./bench/heatmaps.ts')"
 */
import type { Clip } from '../src/clip.ts'
import { randomAt } from '../src/random.ts'
import { alignmentViews, localMaker, sourceOfClips } from '../src/loader/index.ts'
import type { Skeleton } from '../src/skeleton.ts'
import { crop } from '../src/transforms/crop.ts'
import { heatmaps } from '../src/transforms/heatmaps.ts'

/** Penn Action's 13 joints and 14 limbs. */
const edges: Skeleton['edges'] = [[0, 1], [0, 2], [1, 2], [1, 3], [2, 4], [3, 5], [4, 6], [1, 7], [2, 8], [7, 8], [7, 9], [8, 10], [9, 11], [10, 12]]
const joints = ['head', 'l shoulder', 'r shoulder', 'l elbow', 'r elbow', 'l wrist', 'r wrist', 'l hip', 'r hip', 'l knee', 'r knee', 'l ankle', 'r ankle']
const skeleton: Skeleton = { name: 'penn-13', joints, rawJoints: joints, edges, pairs: [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10], [11, 12]] }
/** Standing, arms half raised, in units of the body height. */
const body = [0, 0, -0.1, 0.18, 0.1, 0.18, -0.22, 0.3, 0.22, 0.3, -0.3, 0.18, 0.3, 0.18, -0.07, 0.52, 0.07, 0.52, -0.09, 0.75, 0.09, 0.75, -0.1, 1, 0.1, 1]

const clips = Array.from({ length: 32 }, (_, i) => crop()(clipOf(i), randomAt({ seed: i })))
const spec = { skeleton, channels: 'both', size: 32, sigma: 0.5, patch: 8 } as const
const perClip = 64 * 27 * 32 * 32
const out = new Float32Array(clips.length * perClip)
const fill = median(() => out.fill(0))
const maker = localMaker({ source: sourceOfClips(clips), recipe: alignmentViews({ heatmaps: spec, frames: 64, seed: 1 }) })
const samples = Array.from({ length: 16 }, (_, row) => ({ row, epoch: 0, repeat: 0, window: null, partner: null }))
const views = await asyncMedian(async () => (await maker.make(samples)).release())
const draw = median(() => clips.forEach((clip, i) => heatmaps(clip, spec, out.subarray(i * perClip, (i + 1) * perClip))))
console.log(JSON.stringify({ megabytes: out.byteLength / 1e6, fillMs: fill, heatmapsMs: draw, viewsMs: views, nonZero: out.reduce((n, value) => n + (value > 0 ? 1 : 0), 0) }))

function clipOf(seed: number): Clip {
  const random = randomAt({ seed })
  const phase = random.uniform()
  const keypoints = Float32Array.from({ length: 64 * 13 * 3 }, (_, i) => {
    const [frame, joint, axis] = [Math.floor(i / 39), Math.floor((i % 39) / 3), i % 3]
    if (axis === 2) return 1
    const swing = joint >= 3 && joint <= 6 && axis === 1 ? 0.2 * Math.sin(6.28 * (frame / 40 + phase)) : 0
    return 240 + 180 * (body[joint * 2 + axis]! + swing) + random.normal()
  })
  return {
    id: `bench/${seed}`, dataset: 'bench', group: `${seed}`, skeleton: 'penn-13', fps: 30, width: 480, height: 480, frames: 64, persons: 1, joints: 13, dims: 2,
    source: 'synthetic', keypoints, states: new Uint8Array(64 * 13), raw: null, time: Float32Array.from({ length: 64 }, (_, t) => t), boxes: null, signals: null, calibration: null, unit: 'px',
    labels: { action: null, officialSplit: null, view: null, subject: null, scene: null, camera: null, phases: null, sides: {}, segments: [] }, flags: [], files: [],
  }
}

function median(work: () => unknown): number {
  const times = Array.from({ length: 15 }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  })
  return times.sort((a, b) => a - b)[7]!
}

async function asyncMedian(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < 15; run++) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)[7]!
}
