import { describe, expect, test } from 'vitest'
import { constant, evaluate, input, mul, type Node, takeAlong } from '../../../src/engine/index.ts'
import { dropVectors, frameDropSpec, keptShares } from '../../../src/train/losses/frame-drop.ts'
import { cycleCosts, marginWindow } from '../../../src/train/losses/gtcc.ts'
import { gtcc, type GtccOptions } from '../../../src/train/losses/index.ts'
import { placeMixture } from '../../../src/train/losses/place-mixture.ts'
import { sizeOf } from '../../../src/tensor.ts'
import { checkRecorded } from '../../engine/recorded.ts'
import { A, B, feedsOf, lossOf, type Pair } from './pairs-of-views.ts'

const options: GtccOptions = { temperature: 0.1, pairs: 'views', frames: 0, components: 3, steps: 8, window: 0.5, gamma: 1, varianceWeight: 0 }
const pair: Pair = { first: { rows: A, time: [0, 1, 2, 3, 4] }, second: { rows: B, time: [0, 1, 2, 3, 4, 5] }, length: 12 }
const other: Pair = { first: { rows: B.slice(0, 3), time: [0, 1, 2] }, second: { rows: A.slice(0, 2), time: [0, 1] }, length: 5 }
/** 1 = the window of a sequence lies before its frames. */
const before = (...coins: number[]) => ({ 'gtcc.window': Float64Array.from(coins) })
const valueOf = (pairs: readonly Pair[], coins: number[], { frames = 6, padding = 0, set = {} }: { frames?: number; padding?: number; set?: Partial<GtccOptions> } = {}) =>
  lossOf(gtcc({ ...options, ...set }, 3), { ...feedsOf(pairs, frames, padding), ...before(...coins) }, frames).value

/** The rows of a window over a view of `frames` frames, as text. */
function windowOf(frames: number, share: number, isBefore: boolean): string[] {
  const places = constant({ shape: [1, frames], data: Float32Array.from({ length: frames }, (_, i) => i) })
  const mask = constant({ shape: [1, frames + 1], data: Float32Array.from({ length: frames + 1 }, (_, i) => Number(i < frames)) })
  const [found] = evaluate([marginWindow(places, mask, { share, isBefore: constant(Number(isBefore)) })], {})
  return Array.from({ length: frames }, (_, i) => Array.from(found!.subarray(i * (frames + 1), (i + 1) * (frames + 1))).join(''))
}

describe('a mixture over places', () => {
  test('of one Gaussian has the mean and the variance of the distribution, well within the sequence', () => {
    const shares = Float32Array.of(0, 0, 0, 0.25, 0.5, 0.25, 0, 0, 0)
    const { components } = placeMixture(constant({ shape: [1, 1, 9], data: shares }), constant({ shape: [1, 9], data: new Float32Array(9).fill(1) }), { components: 1, steps: 1 })
    const wanted = Array.from(shares, (_, j) => Math.exp(-((j - 4) ** 2) / (2 * 0.5)))
    expect(evaluate([components], {})[0]).toBeAllclose(wanted.map((x) => x / wanted.reduce((a, b) => a + b)), { rtol: 1e-6 })
  })

  test('finds two modes, and their shares', () => {
    const shares = Float32Array.from({ length: 12 }, (_, j) => ({ 2: 0.75, 9: 0.25 }[j] ?? 0))
    const { weights, components } = placeMixture(constant({ shape: [1, 1, 12], data: shares }), constant({ shape: [1, 12], data: new Float32Array(12).fill(1) }), { components: 2, steps: 32 })
    const [found, rows] = evaluate([weights, components], {})
    const modes = [0, 12].map((row) => rows!.subarray(row, row + 12).indexOf(Math.max(...rows!.subarray(row, row + 12))))
    expect([modes, ...found!.map((x) => Number(x.toFixed(4)))]).toEqual([[2, 9], 0.75, 0.25])
  })
})

describe('GTCC', () => {
  // width 2 of 5 (2.5 rounds to the even); as released a frame in the middle is not in the window before it
  test('a cycle ends near its frame, before it or after it, or with it in the first or the last frames', () => {
    expect(windowOf(5, 0.5, true)).toEqual(['110000', '110000', '110000', '011110', '001110'])
    expect(windowOf(5, 0.5, false)).toEqual(['110000', '111000', '001100', '000110', '000110'])
  })

  test('does not see padding, and averages over views', () => {
    expect(valueOf([pair, other], [0, 1, 1, 0], { frames: 9, padding: 4 })).toBeAllclose((valueOf([pair], [0, 1]) + valueOf([other], [1, 0])) / 2, { rtol: 1e-6 })
  })

  test('is the mean over the drawn frames: a half of them and the other half give all', () => {
    const six: Pair = { first: { rows: B, time: [0, 1, 2, 3, 4, 5] }, second: { rows: B.map((row) => row.map((x) => x + 0.1)), time: [0, 1, 2, 3, 4, 5] }, length: 6 }
    const half = (...draws: number[]) => lossOf(gtcc({ ...options, frames: 3 }, 3), { ...feedsOf([six], 6), ...before(1, 0), 'gtcc.frames': Float64Array.from([...draws, ...draws]) }, 6).value
    expect((half(0.9, 0.1, 0.2, 0.8, 0.7, 0.3) + half(0.1, 0.9, 0.8, 0.2, 0.3, 0.7)) / 2).toBeAllclose(valueOf([six], [1, 0]), { rtol: 1e-9 })
  })
})

describe('dropped frames', () => {
  /** Only unit 0 of each layer passes anything on, times 2; the last layer gives slopes (1, 0) and the offset 3. */
  const params = Object.fromEntries(frameDropSpec(2).map(({ name, shape }) => {
    const data = new Float32Array(sizeOf(shape))
    if (name.endsWith('weight')) data[0] = name.includes('.4.') ? 1 : 2
    if (name === 'frame-drop.4.bias') data[2] = 3
    return [name, constant({ shape, data })]
  }))

  test('the network on a frame, averaged over the frames of a sequence', () => {
    const [projection, mask] = [constant({ shape: [1, 3, 2], data: Float32Array.of(1, 5, -1, 5, 9, 9) }), constant({ shape: [1, 3], data: Float32Array.of(1, 1, 0) })]
    // relu(2 x 1) x 2 x 2 x 2 = 16, and 0 of the negative frame
    expect(evaluate([dropVectors(projection, mask, params)], {})[0]).toBeAllclose([8, 0, 3], { rtol: 1e-6 })
  })

  test('cost 1 over their cost: a network of zeros leaves every frame with half of what the floor leaves', () => {
    const same: Pair = { first: { rows: A, time: [0, 1, 2, 3, 4] }, second: { rows: A, time: [0, 1, 2, 3, 4] }, length: 5 }
    const feeds = { ...feedsOf([same], 5), ...before(1, 1), 'gtcc.frames': Float64Array.of(0, 1, 0, 0, 0, 0, 1, 0, 0, 0) }
    const zeros = Object.fromEntries(frameDropSpec(3).map(({ name, shape }) => [name, constant({ shape, data: new Float32Array(sizeOf(shape)) })]))
    const valueAt = (gamma: number) => evaluate([gtcc({ ...options, temperature: 1, frames: 1, gamma }, 3)(
      { embedding: constant(0), projection: input('projection', [2, 5, 3]) }, { mask: input('mask', [2, 5]), epoch: constant(1) }, zeros)], feeds)[0]![0]!
    const cost = valueAt(1)
    // least 0.5^2, kept 0.25 + 0.75 / 2
    expect(valueAt(0.5)).toBeAllclose(0.625 * cost + 0.375 / cost, { rtol: 1e-6 })
  })

  test('are only where gamma is below 1, and ask for the epoch', () => {
    expect([gtcc(options, 3).told, gtcc(options, 3).parameters, gtcc({ ...options, gamma: 0.5 }, 3).told]).toEqual([undefined, undefined, ['epoch']])
  })
})

const drawn = (isBefore: boolean, set: Partial<GtccOptions> = {}) => (u: Node, v: Node, mask: Node, others: Node, places: Node): Node => {
  const { window: share, ...rest } = { ...options, temperature: 0.125, ...set }
  const window = marginWindow(places, mask, { share, isBefore: constant(Number(isBefore)) })
  return mul(cycleCosts({ projection: u, places, window }, { projection: v, mask: others }, rest), takeAlong(mask, places, 1))
}

checkRecorded('losses_gtcc', {
  'windows before the frames': drawn(true),
  'windows after the frames, narrower, five components': drawn(false, { components: 5, window: 0.25, steps: 4 }),
  'with the variance': drawn(false, { window: 0.75, varianceWeight: 0.125 }),
  'chances of not being dropped': (projection, mask, vectors) => mul(keptShares(projection, mask, vectors, constant(0.25)), mask),
})
