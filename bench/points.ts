/**
 * A training step of the `small` profile (2 x 16 clips x 64 frames, 27 channels of 16 x 16) on batches of patches, drawn by the kernel (57 MB), and on batches of points
 * (320 kB), of which the model's graph draws the patches. Both take turns; beside the steps, what making the batch's tensor costs. Says nothing where the losses differ.
 * ROUNDS=7 THREADS=2 node --input-type=module -e "await (await import('vite')).runnerImport('./bench/points.ts')"
 */
import { execFileSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import type { Clip } from '../src/clip.ts'
import { flatParameters, input, optimiserFeeds, ortExecutor, trainingGraph } from '../src/engine/index.ts'
import { initialise, la2ds, la2dsDefaults, profileOf } from '../src/models/index.ts'
import { randomAt } from '../src/random.ts'
import type { Skeleton } from '../src/skeleton.ts'
import { sizeOf, type Tensor } from '../src/tensor.ts'
import { softMatch } from '../src/train/index.ts'
import { drawHeatmaps, type HeatmapSpec } from '../src/transforms/index.ts'

const [rounds, threads] = [Number(process.env['ROUNDS'] ?? 7), Number(process.env['THREADS'] ?? cpus().length)]
const [rows, frames] = [32, 64]
const { size, patch, sigma, ...sizes } = profileOf('small')
/** Penn Action's 13 joints and 14 limbs. */
const edges: Skeleton['edges'] = [[0, 1], [0, 2], [1, 2], [1, 3], [2, 4], [3, 5], [4, 6], [1, 7], [2, 8], [7, 8], [7, 9], [8, 10], [9, 11], [10, 12]]
const names = ['head', 'l shoulder', 'r shoulder', 'l elbow', 'r elbow', 'l wrist', 'r wrist', 'l hip', 'r hip', 'l knee', 'r knee', 'l ankle', 'r ankle']
/** Standing, arms half raised, in units of the body height. */
const body = [0, 0, -0.1, 0.18, 0.1, 0.18, -0.22, 0.3, 0.22, 0.3, -0.3, 0.18, 0.3, 0.18, -0.07, 0.52, 0.07, 0.52, -0.09, 0.75, 0.09, 0.75, -0.1, 1, 0.1, 1]
const spec: HeatmapSpec & { readonly patch: number } = {
  skeleton: { name: 'penn-13', joints: names, rawJoints: names, edges, pairs: [] }, channels: 'both', size, sigma, patch }
const joints = names.length
const clips = Array.from({ length: rows }, (_, i) => clipOf(i))

const tensors = { patches: filled([rows, frames, (size / patch) ** 2, (joints + edges.length) * patch ** 2]), points: filled([rows, frames, 1, joints, 3]) }
const contenders = await Promise.all((['patches', 'points'] as const).map(async (inputs) => {
  const model = la2ds({ ...la2dsDefaults, ...sizes, tokens: tensors.patches.shape[2]!, patchInputs: tensors.patches.shape[3]! },
    inputs === 'patches' ? null : { joints, edges, channels: 'both', size, sigma, patch, persons: 1 })
  const shapes = { ...model.inputs(rows, frames), time: [rows, frames], length: [rows] }
  const fed = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, input(name, shape)]))
  const { flat, params } = flatParameters(model.parameters)
  const loss = softMatch({ temperature: 0.1, variance: 4, unit: 'frames', window: frames, floor: 0, outside: 'matched' })(model.forward(fed, params, { training: true }), fed, params)
  const graph = trainingGraph({ loss, inputs: Object.values(fed), parameters: model.parameters, flat, params, optimiser: { kind: 'adamw' }, clipNorm: 1 })
  const program = await ortExecutor({ device: 'cpu', threads }).compile(graph)
  const start = initialise(model.parameters, 0)
  await program.writeState({ params: { shape: flat.shape, data: Float32Array.from(model.parameters.flatMap(({ name }) => Array.from(start[name]!.data))) } })
  const mask = filled([rows, frames], 1)
  const time = filled([rows, frames])
  time.data.forEach((_, i) => { time.data[i] = i % frames })
  const make = { patches: drawPatches, points: setPoints }[inputs]
  let step = 0
  return {
    inputs, make,
    step: async () => (await program.run({ ...model.feeds({ ...tensors, mask }), time, length: filled([rows], frames), ...optimiserFeeds(1e-3, ++step, { kind: 'adamw' }) }))['loss']!.data[0]!,
  }
}))

const costs = contenders.map(() => ({ make: [] as number[], step: [] as number[] }))
for (let round = -2; round < rounds; round++) {
  const losses: number[] = []
  for (const [i, { make, step }] of contenders.entries()) {
    const start = performance.now()
    make()
    const made = performance.now()
    losses.push(await step())
    if (round < 0) continue // the first ones allocate and warm up
    costs[i]!.make.push(made - start)
    costs[i]!.step.push(performance.now() - made)
  }
  const [patches, points] = losses as [number, number]
  // the first step: later ones part slowly, as training does
  if (round === -2 && !(Math.abs(patches - points) < 1e-4 * patches)) throw new Error(`the loss of patches is ${patches}, that of points ${points}`)
}
console.log(`${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}, commit ${commit()}, load ${loadavg()[0]!.toFixed(1)}, ${rounds} rounds, ${threads} threads`)
for (const [i, { inputs }] of contenders.entries()) {
  const { make, step } = costs[i]!
  console.log(`${inputs.padEnd(8)} step ${spread(step)}, making the batch ${spread(make)}`)
}
process.exit(0)

function drawPatches(): void {
  const perClip = tensors.patches.data.length / rows
  for (const [i, clip] of clips.entries()) drawHeatmaps(clip, spec, tensors.patches.data.subarray(i * perClip, (i + 1) * perClip))
}

function setPoints(): void {
  for (const [i, { keypoints, width, height }] of clips.entries()) for (let at = 0; at < keypoints!.length; at += 3) {
    tensors.points.data.set([(keypoints![at]! * size) / width - 0.5, (keypoints![at + 1]! * size) / height - 0.5, keypoints![at + 2]!], i * keypoints!.length + at)
  }
}

function clipOf(seed: number): Clip {
  const random = randomAt({ seed })
  const keypoints = Float32Array.from({ length: frames * joints * 3 }, (_, i) => {
    const [joint, axis] = [Math.floor((i % (joints * 3)) / 3), i % 3]
    return axis === 2 ? 1 : (axis === 0 ? 240 : 60) + 360 * body[joint * 2 + axis]! + 8 * random.normal()
  })
  return {
    id: `bench/${seed}`, dataset: 'bench', group: `${seed}`, skeleton: 'penn-13', fps: 30, width: 480, height: 480, frames, persons: 1, joints, dims: 2,
    source: 'synthetic', keypoints, states: new Uint8Array(frames * joints), raw: null, time: Float32Array.from({ length: frames }, (_, t) => t), boxes: null, signals: null,
    calibration: null, unit: 'px', flags: [], files: [],
    labels: { action: null, officialSplit: null, view: null, subject: null, scene: null, camera: null, phases: null, sides: {}, segments: [] },
  }
}

function filled(shape: readonly number[], value = 0): Tensor {
  return { shape, data: new Float32Array(sizeOf(shape)).fill(value) }
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  return `${sorted[Math.floor(sorted.length / 2)]!.toFixed(1)} ms (${sorted[0]!.toFixed(1)}-${sorted.at(-1)!.toFixed(1)})`
}

function commit(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
}
