import { expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { trainConfig } from '../../src/jobs/train-config.ts'
import { modelKind, parameterCount } from '../../src/models/index.ts'
import { embeddingsOf, numbersOf } from './embeddings-of.ts'

const { skeleton } = entryOf(await readCatalog(), 'penn-action')
const made = (name: string, ...settings: readonly string[]) => modelKind(name).make(trainConfig(settings), { skeleton, frames: 64 })
const countOf = (name: string, ...settings: readonly string[]) => parameterCount(made(name, ...settings).model)

test('has as many parameters as la2ds of the profile, to one more of its width', () => {
  // of 52 inputs, two hidden layers of h, 64 outputs: h^2 + 118 h + 64, and a norm of 2 x 64, where la2ds sees a frame with 214,336; nearest with h = 408
  expect([countOf('la2ds'), countOf('coords-2d'), made('coords-2d').model.config['frameWidth']]).toEqual([454_976, 454_976 - 214_336 + 408 ** 2 + 118 * 408 + 3 * 64, 408])
  for (const profile of ['tiny', 'reference', 'large']) expect(countOf('coords-2d', `profile=${profile}`) / countOf('la2ds', `profile=${profile}`)).toBeAllclose(1, { atol: 0.01 })
})

test('has the width and depth it is told', () => {
  expect(countOf('coords-2d', 'coords2d.width=10', 'coords2d.layers=1')).toBe(454_976 - 214_336 + 53 * 10 + 13 * 64)
})

test('padding has no influence, whatever it holds and however much there is', () => {
  const { model } = made('coords-2d', 'profile=tiny', 'coords2d.width=6')
  const clip = numbersOf(1, 3, 52)
  const embedded = (room: number, filler: number) => embeddingsOf(model, { coordinates: { shape: [1, room, 1, 13, 4], data: Float32Array.from({ length: room * 52 }, (_, i) => clip[i] ?? filler) } }, [3]).data.subarray(0, 3 * 128)
  expect(embedded(5, 0.7)).toBeAllclose(embedded(3, 0), { rtol: 1e-6, atol: 1e-7 })
})

test('coordinates twice as large at half the scale are the same coordinates', () => {
  const clip = numbersOf(1, 3, 52)
  const embedded = (scale: number, factor: number) => embeddingsOf(made('coords-2d', 'profile=tiny', 'coords2d.width=6', `coords2d.scale=${scale}`).model, {
    coordinates: { shape: [1, 3, 1, 13, 4], data: Float32Array.from(clip, (value, i) => (i % 4 < 2 ? factor * value : value)) } }, [3]).data
  expect(embedded(1.5, 2)).toBeAllclose(embedded(3, 1), { rtol: 1e-6, atol: 1e-7 })
  expect(embedded(1.5, 1)).not.toBeAllclose(embedded(3, 1), { rtol: 1e-2, atol: 1e-2 })
})
