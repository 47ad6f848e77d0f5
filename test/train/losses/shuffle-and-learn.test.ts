import { describe, expect, test } from 'vitest'
import { constant, evaluate, gradients, input, type Node } from '../../../src/engine/index.ts'
import { initialise } from '../../../src/models/index.ts'
import { shuffleAndLearn, type ShuffleAndLearnOptions } from '../../../src/train/losses/index.ts'
import { orderLoss } from '../../../src/train/losses/shuffle-and-learn.ts'

const options: ShuffleAndLearnOptions = { triples: 2, shuffled: 0.5, reversal: 'batch' }
const params = Object.fromEntries(Object.entries(initialise(shuffleAndLearn(options, 1).parameters!, 4)).map(([name, tensor]) => [name, constant(tensor)]))
const mask = Float64Array.of(1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0)
/** Two views of five frames, each frame its number; the second has 10 more. */
const projection = Float64Array.of(0, 1, 2, 3, 4, -9, 10, 11, 12, 13, 14, -9)
const draws = {
  'shuffle-and-learn.frames': Float64Array.from({ length: 24 }, (_, i) => ((i * 5) % 24) / 24),
  'shuffle-and-learn.shuffled': Float64Array.of(0.9, 0.1, 0.8, 0.2), 'shuffle-and-learn.middle': Float64Array.of(0.7, 0.7, 0.2, 0.2),
}

function lossOf(set: Partial<ShuffleAndLearnOptions>, feeds: Record<string, Float64Array>): { value: number; gradient: Float64Array } {
  const frames = input('projection', [2, 6, 1])
  const made = shuffleAndLearn({ ...options, ...set }, 1)({ embedding: frames, projection: frames }, { mask: input('mask', [2, 6]) }, params)
  const [value, gradient] = evaluate([made, ...gradients(made, [frames])], { projection, mask, ...draws, ...feeds })
  return { value: value![0]!, gradient: gradient! }
}

function ofTriples(triples: readonly (readonly number[])[], isShuffled: readonly number[]): number {
  const row = (values: readonly number[]): Node => constant({ shape: [values.length], data: Float32Array.from(values) })
  const three = constant({ shape: [triples.length, 3, 1], data: Float32Array.from(triples.flat()) })
  return evaluate([orderLoss(three, { isShuffled: row(isShuffled), weights: row(isShuffled.map(() => 1)) }, params)], {})[0]![0]!
}

describe('shuffle and learn', () => {
  test('asks of frames 1, 2, 3 whether they are out of order, or of 1, 0, 3 or 1, 4, 3', () => {
    const triples = [[1, 4, 3], [1, 2, 3], [11, 10, 13], [11, 12, 13]]
    expect(lossOf({}, { 'shuffle-and-learn.reversed': Float64Array.of(0.2) }).value).toBeAllclose(ofTriples(triples, [1, 0, 1, 0]), { rtol: 1e-12 })
  })

  test('backwards is in order too, for a whole batch as in the release or triple by triple', () => {
    const backwards = [[3, 0, 1], [3, 2, 1], [13, 14, 11], [13, 12, 11]]
    expect(lossOf({}, { 'shuffle-and-learn.reversed': Float64Array.of(0.7) }).value).toBeAllclose(ofTriples(backwards, [1, 0, 1, 0]), { rtol: 1e-12 })
    const mixed = [[3, 0, 1], [1, 2, 3], [11, 10, 13], [13, 12, 11]]
    expect(lossOf({ reversal: 'triple' }, { 'shuffle-and-learn.reversed': Float64Array.of(0.7, 0.2, 0.2, 0.7) }).value).toBeAllclose(ofTriples(mixed, [1, 0, 1, 0]), { rtol: 1e-12 })
  })

  test('does not see padding, whatever it holds', () => {
    const filled = projection.map((x, i) => (mask[i] === 1 ? x : 77))
    const set = { 'shuffle-and-learn.reversed': Float64Array.of(0.2) }
    expect(lossOf({}, { ...set, projection: filled }).value).toBe(lossOf({}, set).value)
  })

  test('a view of fewer than five frames has no triples', () => {
    const short = mask.with(10, 0)
    expect(lossOf({}, { mask: short, 'shuffle-and-learn.reversed': Float64Array.of(0.2) }).value).toBeAllclose(ofTriples([[1, 4, 3], [1, 2, 3]], [1, 0]), { rtol: 1e-12 })
  })

  test('has the gradient of its finite differences', () => {
    const feeds = { 'shuffle-and-learn.reversed': Float64Array.of(0.2) }
    const at = (i: number, by: number): number => lossOf({}, { ...feeds, projection: projection.with(i, projection[i]! + by) }).value
    const slopes = projection.map((_, i) => (at(i, 1e-5) - at(i, -1e-5)) / 2e-5)
    expect(lossOf({}, feeds).gradient).toBeAllclose(slopes, { atol: 1e-7, rtol: 1e-6 })
  })

  test('views too short for any triple are refused', () => {
    const frames = input('projection', [2, 4, 1])
    expect(() => shuffleAndLearn(options, 1)({ embedding: frames, projection: frames }, { mask: input('mask', [2, 4]) }, params)).toThrow(expect.objectContaining({
      code: 'E_SETTING_VALUE', message: 'views of 4 frames: triples are made of 5' }))
  })
})
