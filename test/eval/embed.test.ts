import { describe, expect, onTestFinished, test } from 'vitest'
import { ortExecutor } from '../../src/engine/index.ts'
import { modelEncoder, type ModelEncoderOptions, paddedLength } from '../../src/eval/embed.ts'
import type { LongClips } from '../../src/eval/long-clips.ts'
import { la2ds, la2dsDefaults, type ModelInputs, untrainedWeights } from '../../src/models/index.ts'
import { exampleClip, skeleton } from '../transforms/examples.ts'

const config = {
  ...la2dsDefaults, tokens: 4, patchInputs: 9 * 16, width: 8, heads: 2, spatialLayers: 1, temporalLayers: 1, embedding: 6, positionLength: 16 }
const model = la2ds(config)
const weights = untrainedWeights(model, 1)
const maps = { channels: 'both', size: 8, sigma: 0.5, patch: 4 } as const
const inputs: ModelInputs = { tensors: { heatmaps: maps }, placing: [{ name: 'crop', padding: 0.25 }], viewPlacing: [], padding: 'hidden', maps, numbersPerFrame: 4 * 9 * 16, about: {}, preprocessing: {} }

/** An encoder of views of at most 16 frames, and `bytes` for heatmaps: one row of 16 frames has 36,864. */
function encoder(change: Partial<ModelEncoderOptions> = {}) {
  const made = modelEncoder({
    name: 'small', model, weights, executor: ortExecutor({ device: 'cpu', threads: 1 }), skeleton, inputs, frames: 16, longClips: 'own-length', bytes: 200_000, ...change })
  onTestFinished(made.close)
  return made
}

const clips = Array.from({ length: 9 }, (_, i) => exampleClip({ seed: i + 1, frames: 5 + 3 * i }))

describe('a model as an encoder', () => {
  test('answers one [T, e] per clip, in the order asked', async () => {
    const embeddings = await encoder().embed(clips)
    expect(embeddings.map(({ shape }) => shape)).toEqual(clips.map(({ frames }) => [frames, 6]))
    expect(embeddings.every(({ data }) => data.every(Number.isFinite))).toBe(true)
  })

  test('a clip\'s embedding is the same alone, among others, and with less memory', async () => {
    const together = await encoder().embed(clips)
    const small = await encoder({ bytes: 40_000 }).embed(clips.toReversed())
    const alone = encoder()
    for (const [index, clip] of clips.entries()) {
      expect((await alone.embed([clip]))[0]!.data).toEqual(together[index]!.data)
      expect(small.at(-1 - index)!.data).toBeAllclose(together[index]!.data, { atol: 1e-5, rtol: 1e-5 })
    }
  })

  test.each(['own-length', 'rescaled', 'thinned', 'windows'] as const)('embeds every frame of a long clip: %s', async (longClips: LongClips) => {
    const [long] = await encoder({ longClips }).embed([exampleClip({ frames: 41 })])
    expect([long!.shape, long!.data.every(Number.isFinite)]).toEqual([[41, 6], true])
  })

  test('a model that draws the heatmaps of points itself embeds alike', async () => {
    const ofPoints = la2ds(config, { joints: 5, edges: skeleton.edges, ...maps, persons: 2 })
    const points = { ...inputs, tensors: { points: { persons: 2, dims: 2, grid: 8 } } } as const
    const [expected, found] = [await encoder().embed(clips), await encoder({ model: ofPoints, inputs: points }).embed(clips)]
    for (const [index, { data }] of found.entries()) expect(data).toBeAllclose(expected[index]!.data, { atol: 2e-3, rtol: 0 })
  })

  test('and so it does of limbs that are not the skeleton\'s', async () => {
    const limbs = [['left hand', 'left foot'], ['left foot', 'right foot'], ['right hand', 'head'], ['right hand', 'left hand']] as const
    const [own, points] = [{ ...inputs, tensors: { heatmaps: { ...maps, limbs } }, maps: { ...maps, limbs } }, { ...inputs, tensors: { points: { persons: 2, dims: 2, grid: 8 } } }] as const
    const ofPoints = la2ds(config, { joints: 5, edges: [[1, 3], [3, 4], [2, 0], [2, 1]], ...maps, persons: 2 })
    const [expected, found] = [await encoder({ inputs: own }).embed(clips), await encoder({ model: ofPoints, inputs: points }).embed(clips)]
    for (const [index, { data }] of found.entries()) expect(data).toBeAllclose(expected[index]!.data, { atol: 2e-3, rtol: 0 })
    expect(expected[0]!.data).not.toEqual((await encoder().embed(clips.slice(0, 1)))[0]!.data)
  })

  test('parameters can be exchanged', async () => {
    const exchanged = encoder()
    const [before] = await exchanged.embed(clips.slice(0, 1))
    exchanged.use(untrainedWeights(model, 2))
    expect((await exchanged.embed(clips.slice(0, 1)))[0]!.data).not.toEqual(before!.data)
    exchanged.use(weights)
    expect((await exchanged.embed(clips.slice(0, 1)))[0]!.data).toEqual(before!.data)
  })

  test('refuses a clip of labels only', async () => {
    await expect(encoder().embed([{ ...clips[0]!, keypoints: null }])).rejects.toMatchObject({
      code: 'E_NO_KEYPOINTS', message: 'example/1 has labels only, small embeds keypoints' })
  })
})

test('lengths are padded by a third at most from 24 frames on, in few steps', () => {
  expect([1, 8, 9, 31, 33, 48, 49, 65, 97, 193, 663].map(paddedLength)).toEqual([8, 8, 16, 32, 48, 48, 64, 96, 128, 256, 768])
})
