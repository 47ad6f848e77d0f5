import { expect, test } from 'vitest'
import { coordinates } from '../../../src/eval/baselines/coordinates.ts'
import { countShare } from '../../../src/eval/baselines/count.ts'
import { constant } from '../../../src/eval/baselines/constant.ts'
import { valueOf } from '../../../src/eval/measured.ts'
import { correspondenceError } from '../../../src/eval/metrics/correspondence-error.ts'
import type { Method } from '../../../src/eval/alignment/align-frames.ts'
import { clipOf, encoderOf, oracle } from '../clips.ts'

/** A head that goes up and comes down the same way; two phases. */
const phased = Array.from({ length: 12 }, (_, index) => {
  const [frames, top] = [40 + 3 * index, 20 + index]
  const clip = clipOf(`made/${index}`, frames, { place: (t, joint) => [joint * 10, joint === 0 ? 60 + Math.abs(t - top) : 120 + joint] })
  return { clip, phases: Uint8Array.from({ length: frames }, (_, t) => (t >= top ? 1 : 0)) }
})
const flat = encoderOf('flat', () => 0)
const middle = constant({ seed: 1 })
const measure = async (encoder: Parameters<typeof correspondenceError>[0], method: Method, reversed = false) =>
  valueOf((await correspondenceError(encoder, phased, { seed: 1, methods: [method], reversed }))[0]!.error)!

test('is small for an encoder that knows the time, by nearest neighbour and by warping less so, because windows begin apart', async () => {
  expect(await measure(oracle, 'nearest')).toBeLessThan(0.08)
  expect(await measure(oracle, 'warping')).toBeLessThan(0.2)
})

test('a pose without a direction does as well when B runs backwards, but for ties', async () => {
  expect(await measure(coordinates, 'nearest', true)).toBeAllclose(await measure(coordinates, 'nearest'), { rtol: 0.03 })
  expect(await measure(coordinates, 'nearest')).toBeGreaterThan(await measure(middle, 'nearest') / 2)
})

test('a soft alignment lies between frames, and answers the middle of B where all frames look alike', async () => {
  expect(await measure(oracle, 'soft')).toBeLessThan(0.2)
  expect(await measure(flat, 'soft')).toBeAllclose(await measure(middle, 'nearest'), { atol: 0.03 })
})

test.each(['nearest', 'warping', 'soft'] as const)('B that runs backwards is aligned by %s worse than by always the middle frame, where frames are counted', async (method) => {
  expect(await measure(countShare, method, true)).toBeGreaterThan(await measure(middle, 'nearest'))
})
