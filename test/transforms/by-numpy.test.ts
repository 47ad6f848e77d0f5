import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readCatalog } from '../../src/catalog.ts'
import type { Clip } from '../../src/clip.ts'
import { type Random, randomAt } from '../../src/random.ts'
import { chainOf, type Step } from '../../src/transforms/index.ts'
import { spaceSteps } from '../../src/transforms/space-steps.ts'
import { timeSteps } from '../../src/transforms/time-steps.ts'
import { pythonWith, runPython } from '../python.ts'
import { exampleClip, skeleton } from './examples.ts'

const python = pythonWith('numpy')
const lengths = [1, 2, 3, 7, 17, 19, 20, 21, 22, 40, 47, 48, 49, 64, 65, 95, 96, 97, 150, 300]
const samplers: readonly Step[] = [
  { name: 'resample', frames: 64 }, { name: 'resample', frames: 5 }, { name: 'cut' }, { name: 'random-window', frames: 64 }, { name: 'random-window', frames: 9, hold: true },
  { name: 'tempo' }, { name: 'speed' }, { name: 'slow' }, { name: 'offset-uniform' }, { name: 'offset-uniform', frames: 7, offset: 0 }, { name: 'stride-all', every: 3 },
  { name: 'anchors-and-positives' }, { name: 'segment-uniform' }, { name: 'segment-uniform', overflow: 'mask' }, { name: 'time-augment' }, { name: 'uniform-sample' },
  { name: 'uniform-sample', low: 0.5, high: 1 }, { name: 'crop-resize' }, { name: 'crop-resize', low: 0.95, high: 0.95 }, { name: 'temporal-flip' },
]

function script(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
}

/** A stream of chance that draws as `random` does and keeps what it drew, true as 1. */
function kept(random: Random, draws: number[]): Random {
  const keep = <Value extends number | boolean>(value: Value): Value => {
    draws.push(Number(value))
    return value
  }
  return {
    uniform: () => keep(random.uniform()), normal: () => keep(random.normal()), integer: (bound) => keep(random.integer(bound)),
    between: (low, high) => keep(random.between(low, high)), chance: (p) => keep(random.chance(p)), fork: (name) => kept(random.fork(name), draws),
  }
}

test.skipIf(python === null)('every sampler takes the moments that numpy takes with the same draws (POSETTA_PYTHON names the interpreter)', () => {
  const cases = samplers.flatMap((step) => lengths.flatMap((length) => [1, 2, 3].map((seed) => {
    const draws: number[] = []
    const { time } = chainOf([step], { skeleton, frames: 64 })(exampleClip({ frames: length }), kept(randomAt({ seed }), draws))
    return { step, length, draws, time: Array.from(time) }
  })))
  expect(new Set(samplers.map(({ name }) => name)).size).toBe(Object.keys(timeSteps).length)
  const expected = JSON.parse(runPython(python!, script('samplers_by_numpy.py'), JSON.stringify(cases))) as number[][]
  expect(cases.map(({ time }) => time.length)).toEqual(expected.map((moments) => moments.length))
  cases.forEach(({ time }, at) => expect(time).toBeAllclose(expected[at]!, { atol: 2e-5, rtol: 0 }))
})

/** Every step in space, one that has a probability taken in most cases. */
const spatial = [...Object.keys(spaceSteps).map((name) => (['crop', 'centre', 'casa-normalise', 'fill-absent'].includes(name) ? { name } : { name, probability: 0.8 })), { name: 'centre', at: 'each' }, { name: 'casa-normalise', turn: true }] as Step[]
const shapes = [{ frames: 1 }, { frames: 2, persons: 2 }, { frames: 3, persons: 2, dims: 3 }, { frames: 9 }, { frames: 33, persons: 2 }, { frames: 40, dims: 3 }] as const

test.skipIf(python === null)('every step in space makes the joints that numpy makes with the same draws', async () => {
  const penn = (await readCatalog()).entries.find(({ name }) => name === 'penn-action')!.skeleton
  const cases = spatial.flatMap((step) => shapes.flatMap((shape) => [1, 2].map((seed) => {
    const clip = body(exampleClip({ seed, ...shape }), penn.joints.length, randomAt({ seed, clip: 'joints' }))
    const draws: number[] = []
    const made = chainOf([step], { skeleton: penn, frames: 64 })(clip, kept(randomAt({ seed }), draws))
    const { frames, persons, joints, dims, width, height, keypoints } = clip
    return { step, shape: [frames, persons, joints, dims + 1], keypoints: Array.from(keypoints!), size: [width, height], draws, made: Array.from(made.keypoints!) }
  })))
  const { joints, edges, pairs } = penn
  const expected = JSON.parse(runPython(python!, script('space_by_numpy.py'), JSON.stringify({ joints, edges, pairs, cases }))) as (number | null)[][]
  cases.forEach(({ made }, at) => expect(made).toBeAllclose(expected[at]!.map((value) => value ?? NaN), { atol: 2e-3, rtol: 1e-4 }))
})

/** The clip with so many joints, one in eight absent; shoulders and hips are there in the first frame. */
function body(clip: Clip, joints: number, random: Random): Clip {
  const width = clip.dims + 1
  const keypoints = new Float32Array(clip.frames * clip.persons * joints * width)
  const states = Uint8Array.from({ length: keypoints.length / width }, (_, point) => (point >= clip.persons * joints && random.chance(0.125) ? 2 : 0))
  states.forEach((state, point) => keypoints.set([...Array.from({ length: clip.dims }, () => (state === 2 ? NaN : random.between(0, 240))), state === 2 ? 0 : 1], point * width))
  return { ...clip, joints, keypoints, states }
}
