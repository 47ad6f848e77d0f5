import { expect, test } from 'vitest'
import { coordinates } from '../../../src/eval/baselines/coordinates.ts'
import { constant } from '../../../src/eval/baselines/constant.ts'
import { valueOf } from '../../../src/eval/measured.ts'
import { correspondenceError } from '../../../src/eval/metrics/correspondence-error.ts'
import { warpedFrames } from '../../../src/eval/metrics/dynamic-time-warping.ts'
import { clipOf, oracle, rows } from '../clips.ts'

/** A head that goes up and comes down the same way; two phases. */
const phased = Array.from({ length: 12 }, (_, index) => {
  const [frames, top] = [40 + 3 * index, 20 + index]
  const clip = clipOf(`made/${index}`, frames, { place: (t, joint) => [joint * 10, joint === 0 ? 60 + Math.abs(t - top) : 120 + joint] })
  return { clip, phases: Uint8Array.from({ length: frames }, (_, t) => (t >= top ? 1 : 0)) }
})
const measure = async (encoder: Parameters<typeof correspondenceError>[0], alignment: 'nearest' | 'warping', reversed = false) =>
  valueOf((await correspondenceError(encoder, phased, { seed: 1, alignment, reversed })).error)!

test('is small for an encoder that knows the time, by nearest neighbour and by warping less so, because windows begin apart', async () => {
  expect(await measure(oracle, 'nearest')).toBeLessThan(0.08)
  expect(await measure(oracle, 'warping')).toBeLessThan(0.2)
})

test('a pose without a direction does as well when B runs backwards, but for ties', async () => {
  expect(await measure(coordinates, 'nearest', true)).toBeAllclose(await measure(coordinates, 'nearest'), { rtol: 0.03 })
  expect(await measure(coordinates, 'nearest')).toBeGreaterThan(await measure(constant({ seed: 1 }), 'nearest') / 2)
})

test('dynamic time warping keeps the order where nearest neighbours would not', () => {
  const [up, peak] = [rows([0], [1], [2], [1], [0]), rows([0], [2], [2], [0])]
  expect([...warpedFrames(up, peak)]).toEqual([0, 0, 1, 2, 3])
})

test('dynamic time warping gives the middle of the frames that one frame is held for', () => {
  expect([...warpedFrames(rows([0], [5]), rows([0], [0], [0], [5]))]).toEqual([1, 3])
})
