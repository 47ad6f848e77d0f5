import { describe, expect, test } from 'vitest'
import {
  dropChannels, dropout, dropPath, evaluate, gradients, gumbelSoftmax, input, type Law, mul, type Node, ortExecutor, randomFeeds, randomInput, randomInputsOf, sum,
} from '../../src/engine/index.ts'
import { wordsAt } from '../../src/random.ts'
import type { Tensor } from '../../src/tensor.ts'
import { checkRefusals } from './check-refusals.ts'

const keep = (rate: number): Law => ({ kind: 'keep', rate })

/** What an input of 40,000 numbers is fed. */
function drawn(law: Law, { seed = 1, step = 0, name = 'mask' } = {}): number[] {
  return [...randomFeeds([randomInput(name, [200, 200], law)], { seed })(step)[name]!.data]
}

describe('random feeds', () => {
  test('are the same numbers for the same seed, step and name, whatever else is drawn', () => {
    const [a, b] = [randomInput('a', [40], keep(0.5)), randomInput('b', [40], { kind: 'normal' })]
    const feeds = randomFeeds([a, b], { seed: 3 })
    feeds(6)
    const together = feeds(7)
    expect(together['b']!.data).toEqual(randomFeeds([b], { seed: 3 })(7)['b']!.data)
    expect(together['a']!.data).toEqual(randomFeeds([a], { seed: 3 })(7)['a']!.data)
  })

  test.each([[{ seed: 2 }], [{ step: 1 }], [{ name: 'other' }]])('are others for %j', (place) => {
    expect(drawn(keep(0.5), place)).not.toEqual(drawn(keep(0.5)))
  })

  // docs/random.md: the lower half of a word, then the upper one; a large seed has both words of the key
  test.each([1, 8, 33, 4096, 9001])('keep %d numbers by 16 bits of the stream of their place', (count) => {
    const seed = 2 ** 40 + 5
    const words = new Uint32Array(4 * Math.ceil(count / 8))
    wordsAt({ seed, transform: 'engine' }, ['mask'])(9, 0, words)
    const halves = [...words].flatMap((word) => [word & 0xffff, word >>> 16]).slice(0, count)
    const { mask } = randomFeeds([randomInput('mask', [count], keep(0.25))], { seed })(9)
    expect(mask!.data).toEqual(Float32Array.from(halves, (half) => (half < 16384 ? 0 : 4 / 3)))
  })

  test.each([0.1, 0.5, 0.9])('drop the share %d and keep the mean', (rate) => {
    const numbers = drawn(keep(rate))
    const dropped = Math.round(rate * 65536) / 65536
    expect([...new Set(numbers)].toSorted((a, b) => a - b)).toEqual([0, Math.fround(1 / (1 - dropped))])
    // five standard deviations
    expect(Math.abs(numbers.filter((x) => x === 0).length / 40000 - rate)).toBeLessThan(5 * Math.sqrt(rate * (1 - rate) / 40000))
  })

  // means and deviations of the distributions; Gumbel: Euler's constant and pi / sqrt 6
  test.each<[Law, number, number]>([[{ kind: 'normal' }, 0, 1], [{ kind: 'uniform' }, 0.5, Math.sqrt(1 / 12)], [{ kind: 'gumbel' }, 0.5772156649, 1.2825498302]])('fall as %j', (law, mean, deviation) => {
    const numbers = drawn(law)
    const found = numbers.reduce((a, b) => a + b) / numbers.length
    expect(Math.abs(found - mean)).toBeLessThan(5 * deviation / 200)
    expect(Math.sqrt(numbers.reduce((a, b) => a + (b - found) ** 2, 0) / numbers.length) / deviation).toBeCloseTo(1, 1)
    expect(numbers.every(Number.isFinite)).toBe(true)
  })
})

describe('dropout', () => {
  const x = input('x', [4, 3, 5])
  const fed = Float32Array.from({ length: 60 }, (_, i) => i + 1)

  test.each<[string, (node: Node) => Node, readonly number[]]>([
    ['numbers', (node) => dropout(node, { name: 'd', rate: 0.4 }), [4, 3, 5]],
    ['channels', (node) => dropChannels(node, { name: 'd', rate: 0.4 }), [4, 3, 1]],
    ['entries of the batch', (node) => dropPath(node, { name: 'd', rate: 0.4 }), [4, 1, 1]],
    ['what is shared along an axis', (node) => dropout(node, { name: 'd', rate: 0.4, shape: [1, 5] }), [1, 5]],
  ])('of %s multiplies by the mask that is fed, and so does its derivative', async (_, drop, shape) => {
    const y = drop(x)
    const [mask] = randomInputsOf([y])
    expect(mask!.shape).toEqual(shape)
    const [derivative] = gradients(sum(mul(y, y), [0, 1, 2]), [x])
    const feeds: Record<string, Tensor> = { x: { shape: x.shape, data: fed }, ...randomFeeds([mask!], { seed: 1 })(2) }
    const at = (i: number): number => feeds['d']!.data[maskIndex(i, shape)]!
    const program = await ortExecutor({ device: 'cpu', threads: 1 }).compile({ inputs: [x, ...randomInputsOf([y])], state: [], outputs: { y, derivative: derivative! } })
    const found = await program.run(feeds)
    expect(found['y']!.data).toBeAllclose(Array.from(fed, (value, i) => value * at(i)), { rtol: 1e-6 })
    expect(found['derivative']!.data).toBeAllclose(Array.from(fed, (value, i) => 2 * value * at(i) ** 2), { rtol: 1e-6 })
    await program.close()
  })

  test('of nothing is x itself, and wants nothing of chance', () => {
    expect(dropout(x, { name: 'd', rate: 0 })).toBe(x)
  })
})

test('the mean of hard choices is their probability, and their derivative that of the soft ones', () => {
  const logits = input('logits', [4000, 3])
  const [hard, soft] = [gumbelSoftmax(logits, { name: 'g', temperature: 0.5, hard: true }), gumbelSoftmax(logits, { name: 'g', temperature: 0.5 })]
  const weights = input('w', [3])
  const derivative = (node: Node): Node => gradients(sum(mul(node, weights), [0, 1]), [logits])[0]!
  const noise = randomFeeds(randomInputsOf([hard]), { seed: 4 })(0)['g']!.data
  // softmax of ln 1, ln 2, ln 5
  const feeds = { logits: Float32Array.from({ length: 12000 }, (_, i) => Math.log([1, 2, 5][i % 3]!)), g: noise, w: [1, -2, 0.5] }
  const [chosen, ...slopes] = evaluate([hard, derivative(hard), derivative(soft)], feeds)
  const shares = [0, 1, 2].map((k) => chosen!.filter((_, i) => i % 3 === k).reduce((a, b) => a + b) / 4000)
  expect(shares).toBeAllclose([1 / 8, 2 / 8, 5 / 8], { atol: 0.03 })
  expect(slopes[0]).toEqual(slopes[1])
})

const x = input('x', [2, 3])
checkRefusals('chance.test.ts', [
  ['dropout: randomInput "d" of [2, 3]: a rate is at least 0 and below 1, this is 1', () => dropout(x, { name: 'd', rate: 1 })],
  ['dropout of [2, 3] and [2]: the mask does not broadcast to x', () => dropout(x, { name: 'd', rate: 0.5, shape: [2] })],
  ['dropout of [2, 3] and [4, 2, 3]: the mask does not broadcast to x', () => dropout(x, { name: 'd', rate: 0.5, shape: [4, 2, 3] })],
])

/** Where in a mask of `shape`, broadcast to [4, 3, 5], the number i of x finds its own. */
function maskIndex(i: number, shape: readonly number[]): number {
  const place = [Math.floor(i / 15), Math.floor(i / 5) % 3, i % 5].slice(3 - shape.length)
  return shape.reduce((index, extent, axis) => index * extent + (extent === 1 ? 0 : place[axis]!), 0)
}
