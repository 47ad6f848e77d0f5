import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Affine, composed, identity } from '../../src/affine.ts'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import type { Clip } from '../../src/clip.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { type ClipSource, type Plan, type RecipeSpec } from '../../src/loader/index.ts'
import { type Random, randomAt } from '../../src/random.ts'
import { mirrorOrder, type Skeleton } from '../../src/skeleton.ts'
import { readClips, writeClips } from '../../src/store/index.ts'
import { rotated, scaled, type Step, translated } from '../../src/transforms/index.ts'
import { realPenn } from '../../test/shared.ts'

/** Four epochs: then the samples fill whole batches of 8. */
export const [batchSize, frames, epochs, seed] = [8, 32, 4, 2026]

/** What is asked of every contender. */
export type Kind = 'keypoints' | 'augmented'

export const kinds: Readonly<Record<Kind, readonly Step[]>> = {
  keypoints: [{ name: 'random-window', frames, hold: true }],
  augmented: [
    { name: 'random-window', frames, hold: true }, { name: 'flip', probability: 0.5 }, { name: 'rotate', degrees: 15 }, { name: 'scale', low: 0.8, high: 1.2 }, { name: 'translate', share: 0.1 },
  ],
}

export function specOf(kind: Kind, skeleton: Skeleton): RecipeSpec {
  return { seed, skeleton, frames, views: [kinds[kind]], points: { persons: 1, dims: 2 } }
}

/** A store with Penn Action's real clips, or as many of a body that swings its arms where those are not there. */
export async function pennClips(folder: string): Promise<{ clips: readonly Clip[]; skeleton: Skeleton; what: string }> {
  const entry = entryOf(await readCatalog(), 'penn-action')
  const { skeleton } = entry
  if (realPenn === null) {
    const clips = Array.from({ length: 2326 }, (_, i) => swinging(i, skeleton))
    await writeClips({ storeDir: folder, dataset: 'penn-action', skeletons: [{ name: skeleton.name, joints: skeleton.joints }], clips })
    return { clips, skeleton, what: 'synthetic clips' }
  }
  await ingest({ entry, rawDir: realPenn, storeDir: folder, jobs: 1 })
  return { clips: await readClips(folder, 'penn-action'), skeleton, what: 'Penn Action' }
}

/** A clip of 18 to 663 frames, 70 in the mean: as Penn Action's. */
function swinging(number: number, skeleton: Skeleton): Clip {
  const random = randomAt({ seed: 1, clip: `bench/${number}` })
  const frames = Math.min(663, 18 + Math.floor(-52 * Math.log(1 - random.uniform())))
  const joints = skeleton.joints.length
  const keypoints = Float32Array.from({ length: frames * joints * 3 }, (_, i) => (i % 3 === 2 ? 1 : 240 + 100 * Math.sin(i % (joints * 3)) + 20 * Math.sin(Math.floor(i / joints / 3) / 9) + random.normal()))
  return {
    id: `bench/${String(number).padStart(7, '0')}`, dataset: 'bench', group: `${number}`, skeleton: skeleton.name, fps: 30, width: 480, height: 360, frames, persons: 1, joints, dims: 2, unit: 'px', source: 'synthetic',
    keypoints, states: new Uint8Array(frames * joints), raw: null, time: Float32Array.from({ length: frames }, (_, t) => t), boxes: null, signals: null, calibration: null,
    labels: { action: null, officialSplit: null, view: null, subject: null, scene: null, camera: null, phases: null, sides: {}, segments: [] }, flags: [], files: [],
  }
}

/** The work as files for those who are not us: bench/peers/loader_work.py has what is in them. */
export function writeWork(folder: string, { source, plan, skeleton }: { source: ClipSource; plan: Plan; skeleton: Skeleton }): void {
  const write = (name: string, data: Float32Array | Int32Array | Float64Array): void => writeFileSync(join(folder, name), new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  const { count, frames: lengths } = source.clips
  const keypoints = new Float32Array(lengths.reduce((sum, length) => sum + length * skeleton.joints.length * 3, 0))
  for (let row = 0, at = 0; row < count; row++) {
    const points = source.keypoints(row, 0, lengths[row]!)!
    for (let i = 0; i < points.length; i++) keypoints[at++] = Number.isNaN(points[i]!) ? 0 : points[i]!
  }
  const drawn = Array.from({ length: epochs * count }, (_, sample) => drawnAt(sample, source, plan))
  write('keypoints.f32', keypoints)
  write('frames.i32', lengths)
  write('samples.i32', Int32Array.from(drawn.flatMap(({ row, start }) => [row, start])))
  write('mirrored.i32', Int32Array.from(drawn, ({ mirrored }) => (mirrored ? 1 : 0)))
  write('steps.f64', Float64Array.from(drawn.flatMap(({ steps }) => steps.flatMap(numbersOf))))
  write('maps.f64', Float64Array.from(drawn.flatMap(({ steps }) => numbersOf(steps.reduce(composed)))))
  writeFileSync(join(folder, 'mirror.json'), JSON.stringify(mirrorOrder(skeleton)))
}

/** What the steps of `augmented` draw for a sample: its window, and the map of each step after it. */
function drawnAt(sample: number, source: ClipSource, plan: Plan): { row: number; start: number; mirrored: boolean; steps: Affine[] } {
  const { row, epoch } = plan.sampleAt(sample)
  const clip = { ...source.read(row), keypoints: null, boxes: null, placement: identity }
  const at = (position: number): Random => randomAt({ seed, epoch, clip: clip.id, view: 0, transform: kinds.augmented[position]!.name, position })
  const [window, flip, rotate, scale, translate] = [0, 1, 2, 3, 4].map(at) as [Random, Random, Random, Random, Random]
  for (const always of [rotate, scale, translate]) always.chance(1)
  const mirrored = flip.chance(0.5)
  return {
    row, start: window.integer(Math.max(0, clip.frames - frames) + 1), mirrored,
    steps: [
      mirrored ? { ...identity, xx: -1, dx: clip.width } : identity,
      rotated(clip, rotate.between(-15, 15)).placement!, scaled(clip, scale.between(0.8, 1.2)).placement!,
      translated(clip, translate.between(-0.1, 0.1) * clip.width, translate.between(-0.1, 0.1) * clip.height).placement!,
    ],
  }
}

function numbersOf({ xx, xy, dx, yx, yy, dy }: Affine): number[] {
  return [xx, xy, dx, yx, yy, dy]
}
