import { describe, expect, test } from 'vitest'
import { constant, evaluate, input, ortExecutor } from '../../src/engine/index.ts'
import { trainConfig } from '../../src/jobs/train-config.ts'
import { modelOfConfig } from '../../src/jobs/model-of-config.ts'
import { carriedOf, initialise, type Model } from '../../src/models/index.ts'
import { images } from '../../src/models/la2ds-rgb.ts'
import { sizeOf, type Tensor } from '../../src/tensor.ts'
import { drawHeatmaps, heatmapShape } from '../../src/transforms/index.ts'
import { exampleClip, skeleton } from '../transforms/examples.ts'

const frames = 4
const levels = ['early', 'mid', 'late'] as const
const made = (name: string, ...settings: readonly string[]) =>
  modelOfConfig(name, trainConfig(['profile=tiny', 'embedding=6', 'rgb.network=tiny', 'rgb.size=16', ...settings]), { skeleton, frames })
const numbers = (shape: readonly number[], of: (i: number) => number): Tensor => ({ shape, data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => of(i)) })
const wave = (step: number) => (i: number): number => 0.5 + 0.5 * Math.sin(step * i)

/** Two rows, the second of 3 frames; what is beyond them is `padding`. */
async function embed(model: Model, { padding = 0, change = {} }: { padding?: number; change?: Record<string, (i: number) => number> } = {}): Promise<Float32Array> {
  const inputs = Object.fromEntries(Object.entries(model.inputs(2, frames)).map(([name, shape]) => [name, input(name, shape)]))
  const params = Object.fromEntries(model.parameters.map(({ name, shape }) => [name, input(name, shape)]))
  const { embedding } = model.forward(inputs, params, { training: false })
  const program = await ortExecutor({ device: 'cpu', threads: 1 }).compile({ inputs: [...Object.values(inputs), ...Object.values(params)], state: [], outputs: { embedding } })
  const tensors = Object.fromEntries(['patches', 'pictures'].flatMap((name, which) => {
    const shape = model.inputs(2, frames)[name]
    const isPadding = (i: number): boolean => Math.floor((i * 2 * frames) / sizeOf(shape!)) === 2 * frames - 1
    return shape === undefined ? [] : [[name, numbers(shape, (i) => (isPadding(i) ? padding : (change[name] ?? wave(0.37 + which))(i)))]]
  }))
  const mask = numbers([2, frames], (i) => Number(i < 2 * frames - 1))
  const found = await program.run({ ...model.feeds({ ...tensors, mask }), ...initialise(model.parameters, 3) })
  await program.close()
  return found['embedding']!.data.subarray(0, 6 * (2 * frames - 1))
}

test('images of patches are the heatmaps that are drawn without patches, each px as often as there is room', () => {
  const clip = exampleClip({ seed: 1, frames })
  const spec = { skeleton, channels: 'both', size: 8, sigma: 0.6 } as const
  const draw = (patch: number | null): Tensor => {
    const shape = heatmapShape(frames, { ...spec, patch })
    const data = new Float32Array(sizeOf(shape))
    drawHeatmaps({ ...clip, width: 100, height: 100 }, { ...spec, patch }, data)
    return { shape: [1, ...shape], data }
  }
  const [patches, whole] = [draw(4), draw(null)]
  const [found] = evaluate([images(constant(patches), { size: 8, patch: 4, pictures: 16 })], {})
  const [, , channels] = whole.shape as [number, number, number]
  const expected = Float64Array.from({ length: frames * channels * 256 }, (_, i) => whole.data[Math.floor(i / 256) * 64 + Math.floor((i % 256) / 32) * 8 + Math.floor((i % 16) / 2)]!)
  expect(expected.some((value) => value > 0.1)).toBe(true)
  expect(found).toEqual(expected)
})

describe.each([['rgb', 'mid'], ...levels.map((level) => ['la2ds-rgb', level])] as [string, string][])('%s, %s', (name, level) => {
  const { model } = made(name, `fusion.level=${level}`)

  test('lets what lies in padding reach no real frame', async () => {
    expect(await embed(model)).toBeAllclose(await embed(model, { padding: 7 }), { atol: 1e-6 })
  })

  test('sees every input that it asks for', async () => {
    const before = await embed(model)
    for (const input of ['patches', 'pictures'].filter((one) => one in model.inputs(2, frames))) {
      const after = await embed(model, { change: { [input]: wave(0.11) } })
      expect([input, Math.max(...before.map((value, i) => Math.abs(value - after[i]!)))]).toEqual([input, expect.toSatisfy((gap: number) => gap > 1e-3)])
    }
  })
})

test('mid fusion has the parameters of both, by the names that they have alone, and a matrix to join them', () => {
  const namesOf = (name: string, ...settings: string[]) => made(name, ...settings).model.parameters.map((parameter) => parameter.name)
  const alone = new Set([...namesOf('la2ds'), ...namesOf('rgb')])
  expect(namesOf('la2ds-rgb').filter((name) => !alone.has(name))).toEqual(['fusion.weight', 'fusion.bias'])
  expect([...alone].filter((name) => !namesOf('la2ds-rgb').includes(name))).toEqual([])
})

test('with batch norm it carries statistics from step to step', () => {
  expect(Object.keys(carriedOf(made('la2ds-rgb', 'rgb.norm=batch').model))).toEqual(expect.arrayContaining(['rgb.bn1.mean', 'rgb.layer1.0.bn2.variance', 'rgb.layer1.0.bn2.batches']))
})

test('early fusion refuses pictures in which the heatmaps have no place', () => {
  expect(() => made('la2ds-rgb', 'fusion.level=early', 'rgb.size=24')).toThrow(expect.objectContaining({
    code: 'E_SETTING_VALUE', message: '--set fusion.level=early: pictures of 24 px, heatmaps of 16 px', hint: 'let rgb.size be 16 or a multiple of it: heatmaps become channels of the pictures' }))
})

test('refuses a network that there is not, naming those there are', () => {
  expect(() => made('rgb', 'rgb.network=resnet-19')).toThrow(expect.objectContaining({ code: 'E_NETWORK_UNKNOWN', message: expect.stringContaining('"resnet-19"') as string, hint: expect.stringContaining('resnet-18') as string }))
})
