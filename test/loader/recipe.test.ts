import { describe, expect, test } from 'vitest'
import { type Clip } from '../../src/clip.ts'
import type { ToolkitError } from '../../src/errors.ts'
import { alignmentViews, type ClipSource, type RecipeSpec, recipeOf, sourceOfClips } from '../../src/loader/index.ts'
import { kernelMemory } from '../../src/loader/kernel-memory.ts'
import { type Recipe, tensorsOn } from '../../src/loader/recipe/recipe.ts'
import { inOneUnit } from '../../src/loader/recipe/frame-unit.ts'
import { type Column, viewRecipe } from '../../src/loader/recipe/view-recipe.ts'
import type { SampleRef } from '../../src/loader/sample.ts'
import { lengthColumn, maskColumn, pointsColumn, timeColumn } from '../../src/loader/recipe/columns.ts'
import { chainOf, presets, randomWindow, type Step } from '../../src/transforms/index.ts'
import { stepNames } from '../../src/transforms/steps.ts'
import { randomAt } from '../../src/random.ts'
import { always, alwaysStep, drawnAt } from '../transforms/always.ts'
import { exampleClip, exampleClips, skeleton } from '../transforms/examples.ts'
import { drawn, samplesOf } from './loaders.ts'

const spec: RecipeSpec = { seed: 3, skeleton, frames: 16, views: [[{ name: 'random-window' }]], points: { persons: 1, dims: 2 } }
const flat = exampleClips.filter(({ persons, dims }) => persons === 1 && dims === 2)
/** Two joints, 0 and 10 to the right of where they stood a frame before. */
const walking: Clip = {
  ...exampleClip({ frames: 3 }), joints: 2, keypoints: Float32Array.of(1, 2, 1, NaN, NaN, 0, 11, 2, 1, 5, 6, 0.5, 21, 2, 1, 15, 6, 0.5) }
const two = { ...skeleton, joints: ['a', 'b'] }

test('points are the joints of a view, absent ones and padding 0', async () => {
  const { points, mask, time, length } = await drawn(recipeOf({ ...spec, skeleton: two, frames: 4, views: [[]] }), samplesOf([walking]))
  expect(points).toEqual({ shape: [1, 4, 1, 2, 3], data: Float32Array.of(1, 2, 1, 0, 0, 0, 11, 2, 1, 5, 6, 0.5, 21, 2, 1, 15, 6, 0.5, 0, 0, 0, 0, 0, 0) })
  expect([...mask!.data, ...time!.data, ...length!.data]).toEqual([1, 1, 1, 0, 0, 1, 2, 0, 3])
})

test('a second person is room for one who is not there', async () => {
  const { points } = await drawn(recipeOf({ ...spec, skeleton: two, frames: 3, views: [[]], points: { persons: 2, dims: 2 } }), samplesOf([walking]))
  expect(Array.from(points!.data.slice(12, 24))).toEqual([11, 2, 1, 5, 6, 0.5, 0, 0, 0, 0, 0, 0])
})

test('points on the grid of maps have its pixels: 320 x 240 px become 32 x 32, the middle of the first pixel is 0', async () => {
  const grid = { ...spec, skeleton: two, frames: 4, views: [[]], points: { persons: 1, dims: 2, grid: 32 } } as const
  const { points, mask } = await drawn(recipeOf(grid), samplesOf([{ ...walking, keypoints: walking.keypoints!.map((value, i) => (i % 3 === 1 ? 120 : value)) }]))
  expect(points!.shape).toEqual([1, 4, 1, 2, 3])
  expect(points!.data).toBeAllclose([-0.4, 15.5, 1, 0, 0, 0, 0.6, 15.5, 1, 0, 15.5, 0.5, 1.6, 15.5, 1, 1, 15.5, 0.5, 0, 0, 0, 0, 0, 0], { atol: 1e-6 })
  expect([...mask!.data]).toEqual([1, 1, 1, 0])
  await expect(drawn(recipeOf({ ...grid, skeleton }), samplesOf([walking]))).rejects.toMatchObject({ code: 'E_LOADER_POINTS' })
  const three = exampleClip({ frames: 3, persons: 3 })
  await expect(drawn(recipeOf({ ...grid, skeleton }), samplesOf([three]))).rejects.toMatchObject({ code: 'E_LOADER_POINTS', hint: '--set persons=3 makes room' })
})

test('of a window of the plan, time and length are those of the clip: frames 3 to 6 of 12', async () => {
  const { source } = samplesOf([exampleClip({ frames: 12 })])
  for (const views of [[[]], [[{ name: 'random-window' }]]] as const) {
    const { time, length } = await drawn(recipeOf({ ...spec, frames: 4, views }), { source, samples: [{ row: 0, epoch: 0, repeat: 0, window: { start: 3, end: 7, step: 1 }, partner: null }] })
    expect([...time!.data, ...length!.data]).toEqual([3, 4, 5, 6, 12])
  }
})

test('a window holds the last frame of a short clip when told to', async () => {
  const { points, mask, time } = await drawn(recipeOf({ ...spec, skeleton: two, frames: 5, views: [[{ name: 'random-window', frames: 4, hold: true }]] }), samplesOf([walking]))
  expect(Array.from(points!.data.slice(12))).toEqual([21, 2, 1, 15, 6, 0.5, 21, 2, 1, 15, 6, 0.5, 0, 0, 0, 0, 0, 0])
  expect([...mask!.data, ...time!.data]).toEqual([1, 1, 1, 1, 0, 0, 1, 2, 2, 0])
})

describe.each([[1, 2], [2, 2], [1, 3], [2, 3]] as const)('the short way has the bits of the long one: %i persons, %i dimensions', (persons, dims) => {
  const given = [3, 5, 12, 16, 17, 40].map((frames, i) => exampleClip({ seed: i + 1, frames, persons, dims }))
  const points = { persons, dims }
  test.each([
    [{ name: 'random-window' }], [{ name: 'random-window', hold: true }], [{ name: 'random-window', frames: 7 }], [{ name: 'random-window', frames: 15, hold: true }],
    [{ name: 'random-window' }, { name: 'flip', probability: 1 }], [{ name: 'random-window', hold: true }, { name: 'scale' }, { name: 'rotate' }],
    [{ name: 'random-window', hold: true }, { name: 'flip' }, { name: 'scale' }, { name: 'rotate', degrees: 40 }, { name: 'translate' }, { name: 'flip' }],
  ] as const)('%j %j %j %j', async (...steps: Step[]) => {
    const long = viewRecipe({
      seed: 3, views: [chainOf(steps, { skeleton, frames: 16 })], columns: [pointsColumn(16, { ...points, joints: 5 }), maskColumn(16), timeColumn(16), lengthColumn] })
    const short = recipeOf({ ...spec, views: [steps], points })
    const { samples } = samplesOf(given)
    for (const source of [sourceOfClips(given), keptSource(given)]) {
      for (const epoch of [0, 1, 2, 1]) {
        const work = { source, samples: samples.map((ref) => ({ ...ref, epoch })) }
        expect(await drawn(short, work)).toEqual(await drawn(long, work))
      }
    }
  })
})

/** The clips with their joints in a memory that kernels read. */
function keptSource(given: readonly Clip[]): ClipSource {
  const kept = kernelMemory(given.reduce((bytes, { keypoints }) => bytes + keypoints!.byteLength, 0))
  let at = 0
  const source = sourceOfClips(given.map((clip) => {
    const keypoints = new Float32Array(kept.memory.buffer, at, clip.keypoints!.length)
    keypoints.set(clip.keypoints!)
    at += keypoints.byteLength
    return { ...clip, keypoints }
  }))
  return { ...source, memories: [kept] }
}

test('a random window begins anywhere, evenly, and never leaves the clip', () => {
  const clip = exampleClip({ frames: 12 })
  const starts = Array.from({ length: 3000 }, (_, seed) => randomWindow({ frames: 8 })(clip, randomAt({ seed })).time[0]!)
  const counts = [0, 1, 2, 3, 4].map((start) => starts.filter((one) => one === start).length)
  expect(counts.reduce((sum, count) => sum + count)).toBe(3000)
  // 600 each, five deviations of a binomial to both sides
  for (const count of counts) expect(Math.abs(count - 600)).toBeLessThan(5 * Math.sqrt(3000 * 0.2 * 0.8))
})

test('clips of other joints are refused by name', async () => {
  const recipe = recipeOf({ ...spec, skeleton: two })
  await expect(drawn(recipe, samplesOf([exampleClip({ frames: 3 })]))).rejects.toMatchObject({
    code: 'E_LOADER_POINTS', message: 'example/1 has 1 x 5 joints of 2 coordinates, the batch has room for 1 x 2 of 2' })
})

test.each([
  ['2 x 5 joints of 2 coordinates', { persons: 2, dims: 2 }, '1 x 10 of 2', { joints: 10, persons: 1, dims: 2 }],
  ['4 x 5 joints of 2 coordinates', { persons: 4, dims: 2 }, '3 x 5 of 3', { joints: 5, persons: 3, dims: 3 }],
] as const)('joints that are as many numbers are other joints all the same: %s', async (has, clip, room, { joints, ...points }) => {
  const recipe = recipeOf({ ...spec, skeleton: { ...skeleton, joints: Array.from({ length: joints }, (_, joint) => `joint ${joint}`), pairs: [] }, points })
  await expect(drawn(recipe, samplesOf([exampleClip({ frames: 3, ...clip })]))).rejects.toMatchObject({
    code: 'E_LOADER_POINTS', message: `example/1 has ${has}, the batch has room for ${room}` })
})

describe('of columns that take their time', () => {
  const later = (turns: number): Promise<void> => (turns === 0 ? Promise.resolve() : Promise.resolve().then(() => later(turns - 1)))
  const written: string[] = []
  const slow: Column = { name: 'slow', dtype: 'float32', shape: [], draw: ({ whole }) => later(9).then(() => void written.push(whole.id)) }
  const failing = (turns: number, what: string): Column => ({ name: what, dtype: 'float32', shape: [], draw: () => later(turns).then(() => { throw new Error(what) }) })
  const still = (clip: Clip): Clip => clip
  const [source, at] = [sourceOfClips([exampleClip({ seed: 1 }), exampleClip({ seed: 2 })]), { at: 0, samples: 1 }]
  const pair: SampleRef = { row: 0, epoch: 0, repeat: 0, window: null, partner: 1 }
  const draw = async (recipe: Recipe): Promise<void> => recipe.draw(source, pair, at, tensorsOn(new ArrayBuffer(1024), 0, recipe.layout(1)))

  test('a sample fails when nobody writes into its row any more, which the next one may have', async () => {
    written.length = 0
    await expect(draw(viewRecipe({ seed: 1, views: [still], columns: [slow, failing(0, 'damaged')] }))).rejects.toThrow('damaged')
    expect(written).toEqual(['example/1'])
  })

  test('so it is where the second view fails at once', async () => {
    written.length = 0
    const refused = (): never => { throw new Error('refused') }
    await expect(draw(viewRecipe({ seed: 1, views: [still, refused], columns: [slow] }))).rejects.toMatchObject({ name: 'PartnerFailure', cause: { message: 'refused' } })
    expect(written).toEqual(['example/1'])
  })

  test('the failure is that of the first in order, not in time: the same wherever it is made', async () => {
    await expect(draw(viewRecipe({ seed: 1, views: [still], columns: [failing(5, 'first'), failing(0, 'second')] }))).rejects.toThrow('first')
  })
})

describe('joints in metres, recorded in 320 x 240 px', () => {
  const metres: Clip = { ...exampleClip({ frames: 3, dims: 3 }), unit: 'm' }
  const of = (...steps: Step[]) => drawn(recipeOf({ ...spec, points: { persons: 1, dims: 3 }, views: [steps] }), samplesOf([metres]))

  test.each([
    ['flip', [{ name: 'random-window' }, { name: 'flip' }]], ['rotate', [{ name: 'centre' }, { name: 'rotate' }]], ['jitter', [{ name: 'resample' }, { name: 'jitter' }, { name: 'crop' }]],
  ] as const)('a step that goes by the frame is refused: %s', async (name, steps) => {
    await expect(of(...steps)).rejects.toMatchObject({ code: 'E_TRANSFORM_UNIT', message: `step 1, ${name}: example/1 has joints in m and a frame of 320 x 240 px` })
  })

  test.each<Step[][]>([
    [[{ name: 'crop' }, { name: 'flip' }, { name: 'jitter' }]], [[{ name: 'flip' }, { name: 'centre' }]], [[{ name: 'random-window' }, { name: 'random-rot' }]],
  ])('but not in the box of its joints, nor where the clip is placed anew, nor one that goes by the origin: %j', async (steps) => {
    await expect(of(...steps)).resolves.toBeDefined()
  })

  test.each(stepNames)('no step goes by the frame without being refused: %s', (name) => {
    const transform = inOneUnit([alwaysStep(name)], always(name))
    const keypointsIn = (times: number, seed: number): Float32Array | null | string => {
      try {
        return transform({ ...metres, width: 320 * times, height: 240 * times }, drawnAt(metres, seed)).keypoints
      } catch (error) {
        if ((error as ToolkitError).code !== 'E_TRANSFORM_UNIT') throw error
        return 'refused'
      }
    }
    for (const seed of [1, 2, 3]) expect(keypointsIn(2, seed)).toEqual(keypointsIn(1, seed))
  })
})

test('the preset la2ds as plain data has the bits of the alignment views', async () => {
  const heatmaps = { skeleton, channels: 'both', size: 16, sigma: 0.5, patch: 8 } as const
  const plain = recipeOf({ seed: 3, skeleton, frames: 16, views: presets.la2ds.views, heatmaps, latestStart: 32 })
  expect(await drawn(plain, samplesOf(flat, 2))).toEqual(await drawn(alignmentViews({ seed: 3, frames: 16, heatmaps, latestStart: 32 }), samplesOf(flat, 2)))
})
