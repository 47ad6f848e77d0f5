import { describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { trainConfig } from '../../src/jobs/train-config.ts'
import { modelKind, parameterCount } from '../../src/models/index.ts'
import { embeddingsOf, numbersOf } from './embeddings-of.ts'

const { skeleton } = entryOf(await readCatalog(), 'penn-action')
const made = (...settings: readonly string[]) => modelKind('joint-tokens').make(trainConfig(settings), { skeleton, frames: 64 }).model
const tiny = made('profile=tiny', 'jointTokens.width=4')

/** Embeddings of 3 frames of 13 joints, each x, y, confidence, 0, but for what `change` makes of them; `room` frames, the others filled. */
function embedded(change: (joints: Float32Array) => void = () => {}, room = 3, filler = 0, model = tiny) {
  const data = new Float32Array(room * 52).fill(filler)
  data.set(numbersOf(1, 3, 52).map((value, i) => (i % 4 === 3 ? 0 : value)))
  change(data)
  return embeddingsOf(model, { coordinates: { shape: [1, room, 1, 13, 4], data } }, [3]).data.subarray(0, 3 * 128)
}

test('has as many parameters as la2ds of the profile, as near as its heads allow', () => {
  // tokens of w = 92: 24 w^2 + 154 w + 64 to see a frame (13 matrices [4, w] among them), where la2ds has 214,336; 88 would be further off
  expect([made().config['jointWidth'], parameterCount(made())]).toEqual([92, 454_976 - 214_336 + 24 * 92 ** 2 + 154 * 92 + 64])
})

test('a width that does not come apart into heads is refused', () => {
  expect(() => made('jointTokens.width=10')).toThrow(expect.objectContaining({ code: 'E_SETTING_VALUE', hint: 'choose a multiple of 4, or 0' }))
})

describe('a joint that is absent', () => {
  test('is a token of its own, not one that lies in the centre', () => {
    const centred = embedded((joints) => joints.fill(0, 4, 8))
    expect(embedded((joints) => joints.set([0, 0, 0, 1], 4))).not.toBeAllclose(centred, { rtol: 1e-3 })
  })
  test('counts as absent wherever it is said to be', () => {
    const somewhere = embedded((joints) => joints.set([0.3, -0.4, 0, 1], 4))
    expect(somewhere).toBeAllclose(embedded((joints) => joints.set([0, 0, 0, 1], 4)), { rtol: 1e-9, atol: 1e-12 })
  })
})

test('padding has no influence, whatever it holds and however much there is', () => {
  expect(embedded(undefined, 5, 0.7)).toBeAllclose(embedded(), { rtol: 1e-6, atol: 1e-7 })
})

test('coordinates twice as large at half the scale are the same coordinates', () => {
  const doubled = (joints: Float32Array): void => joints.forEach((value, i) => { if (i % 4 < 2) joints[i] = 2 * value })
  expect(embedded(doubled, 3, 0, made('profile=tiny', 'jointTokens.width=4', 'jointTokens.scale=1.5'))).toBeAllclose(embedded(), { rtol: 1e-6, atol: 1e-7 })
  expect(embedded(undefined, 3, 0, made('profile=tiny', 'jointTokens.width=4', 'jointTokens.scale=1.5'))).not.toBeAllclose(embedded(), { rtol: 1e-2, atol: 1e-2 })
})
