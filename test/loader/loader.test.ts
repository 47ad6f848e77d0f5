import { describe, expect, test } from 'vitest'
import type { Batch, LoaderState } from '../../src/batch.ts'
import { sha256 } from '../../src/hash.ts'
import { alignmentViews, createLoader, localMaker, orderOf, planOf, sourceOfClips } from '../../src/loader/index.ts'
import { checkResumes } from '../soak/resume.ts'
import { exampleClip, skeleton } from '../transforms/examples.ts'
import { all, fingerprint, fingerprints, idsOnly, loaderOf, type LocalOptions } from './loaders.ts'

const clips = Array.from({ length: 7 }, (_, i) => exampleClip({ seed: i + 1, frames: 6 + 3 * i }))
const heatmaps = { skeleton, channels: 'both', size: 8, sigma: 0.5, patch: 4 } as const
const options: LocalOptions = {
  clips, split: sha256('split'), root: sha256('root'), seed: 2026, batchSize: 3, epochs: 3,
}
const drawing = () => ({ ...options, recipe: alignmentViews({ heatmaps, frames: 16, seed: 2026 }) })

test('every epoch hands out every clip once, in the order of the epoch, clips sorted by id', async () => {
  const ids = (await all(loaderOf({ ...options, clips: [...clips].reverse() }))).flatMap((batch) => batch.ids)
  const sorted = clips.map(({ id }) => id).sort()
  const expected = [0, 1, 2].flatMap((epoch) => sorted.map((_, position) => sorted[orderOf(7, { seed: 2026, epoch })(position)]!))
  expect(ids).toEqual(expected)
})

test('a batch goes on into the next epoch, and the last one is filled from the epoch after the last', async () => {
  const batches = await all(loaderOf({ ...options, epochs: 2 }))
  expect(loaderOf({ ...options, epochs: 2 }).steps).toBe(5)
  expect(batches.map(({ ids, epoch, state }) => [ids.length, epoch, state.epoch, state.next]))
    .toEqual([[3, 0, 0, 3], [3, 0, 0, 6], [3, 0, 1, 9], [3, 1, 1, 12], [3, 1, 2, 15]])
  expect(batches[4]!.ids[2]).toBe(clips[orderOf(7, { seed: 2026, epoch: 2 })(0)]!.id)
})

test('a batch may be larger than the number of clips', async () => {
  const batches = await all(loaderOf({ ...options, batchSize: 16, epochs: 3 }))
  expect(batches.map(({ ids }) => ids.length)).toEqual([16, 16])
})

test('resuming at every step of 3 epochs gives the batches of the uninterrupted run, to the last byte', async () => {
  const whole = await fingerprints(loaderOf(drawing()))
  expect(whole.length).toBe(7)
  for (let step = 0; step < whole.length; step++) {
    const state = JSON.parse(JSON.stringify(whole[step]!.state)) as LoaderState
    expect(await fingerprints(loaderOf({ ...drawing(), state }))).toEqual(whole.slice(step + 1))
  }
})

test('4 random plans and recipes (10,000 in the soak) are resumed twice each, with other batches, ranks, threads, memory and shards', async () => {
  expect(await checkResumes({ configurations: 4 })).toBeGreaterThan(12)
})

test('resuming with another batch size goes on with the same samples', async () => {
  const whole = (await all(loaderOf(options))).flatMap(({ ids }) => ids)
  const state = (await all(loaderOf({ ...options, epochs: 1 })))[1]!.state
  const rest = (await all(loaderOf({ ...options, batchSize: 5, state }))).flatMap(({ ids }) => ids)
  expect(rest).toEqual(whole.slice(6))
})

test('batches are the same whatever the consumer does: waits, asks ahead, or writes into an old batch', async () => {
  const expected = await fingerprints(loaderOf(drawing()))
  const slow = []
  for await (const batch of loaderOf(drawing())) {
    await new Promise((resolve) => { setImmediate(resolve) })
    slow.push(fingerprint(batch))
    batch.tensors['patches']!.data.fill(Number.NaN)
  }
  const iterator = loaderOf(drawing())[Symbol.asyncIterator]()
  const ahead = []
  for (let waiting = iterator.next(); ;) {
    const { value, done } = await waiting
    if (done === true) break
    waiting = iterator.next()
    await new Promise((resolve) => { setImmediate(resolve) })
    ahead.push(fingerprint(value))
  }
  expect(slow).toEqual(expected)
  expect(ahead).toEqual(expected)
})

test('memory is used again in two turns, so that the batch before stays as it is', async () => {
  const seen = (await all(loaderOf(drawing()))).slice(0, 3).map(({ tensors }) => tensors['patches']!.data.buffer)
  expect([seen[2] === seen[0], seen[1] === seen[0]]).toEqual([true, false])
})

test('an abandoned loader stands after the last batch handed out, and goes on from there', async () => {
  const loader = loaderOf(options)
  const seen: string[] = []
  for await (const { ids, state } of loader) {
    seen.push(...ids)
    expect(loader.state()).toEqual(state)
    if (seen.length === 6) break
  }
  expect(loader.state().next).toBe(6)
  const rest = (await all(loader)).flatMap(({ ids }) => ids)
  expect([...seen, ...rest]).toEqual((await all(loaderOf(options))).flatMap(({ ids }) => ids))
})

test('a batch that could not be made does not count', async () => {
  let tries = 0
  const loader = loaderOf({ ...options, recipe: { ...idsOnly, draw: () => { if (++tries === 5) throw new Error('no memory') } } })
  await expect(all(loader)).rejects.toThrow('no memory')
  expect(loader.state().next).toBe(3)
})

test('the state after the end gives no more batches, unless there are more epochs', async () => {
  const { state } = (await all(loaderOf(options))).at(-1)!
  expect(await all(loaderOf({ ...options, state }))).toEqual([])
  expect((await all(loaderOf({ ...options, epochs: 4, state }))).length).toBe(3)
})

test('a state is at most 200 bytes of JSON, however large its numbers', () => {
  const largest = 2 ** 53 - 1
  for (const pictures of [null, { short: 224, quality: 90 }, { short: largest, quality: 100 }]) {
    const state: LoaderState = { ...loaderOf({ ...options, seed: largest, pictures }).state(), next: largest, epoch: 2 ** 32 - 1 }
    expect(Buffer.byteLength(JSON.stringify(state))).toBeLessThanOrEqual(200)
  }
})

test('another seed, another order', async () => {
  const orders = await Promise.all([2026, 2027].map(async (seed) => (await all(loaderOf({ ...options, seed }))).flatMap(({ ids }) => ids)))
  expect(orders[0]).not.toEqual(orders[1])
})

describe('a state that does not belong here is refused by name', () => {
  const state = loaderOf(options).state()
  const [here, there] = [sha256('split').slice(0, 32), sha256('other').slice(0, 32)]

  test.each<[Partial<LocalOptions>, string]>([
    [{ split: sha256('other') }, `the loader state belongs to split ${here}, not to split ${there}`],
    [{ root: sha256('other') }, `the loader state belongs to root ${sha256('root').slice(0, 32)}, not to root ${there}`],
    [{ seed: 1 }, 'the loader state belongs to seed 2026, not to seed 1'],
    [{ state: { ...state, format: 2 as 1 } }, 'the loader state has format 2, this version reads format 1'],
    [{ state: JSON.parse('{"format":1,"next":3}') as LoaderState }, 'the loader state is none: {"format":1,"next":3}'],
    [{ state: JSON.parse('null') as LoaderState }, 'the loader state is none: null'],
    [{ state: { ...state, next: 8 } }, 'the loader state stands at sample 8 of epoch 0, which 7 samples an epoch do not have'],
    [{ state: { ...state, next: -1 } }, 'the loader state stands at sample -1 of epoch 0, which 7 samples an epoch do not have'],
    [{ clips: [] }, 'the plan leaves none of 0 clips'],
  ])('%#: %j', (change, message) => {
    expect(() => loaderOf({ ...options, state, ...change })).toThrow(message)
  })
})

test('a state of pictures made small goes on with the same pictures, and names both where they are others', () => {
  const [small, smaller] = [{ short: 224, quality: 90 }, { short: 96, quality: 90 }]
  const [plain, state] = [loaderOf(options).state(), loaderOf({ ...options, pictures: small }).state()]
  expect(state.root).toBe(`${sha256('root').slice(0, 25)}:224q90`)
  expect(loaderOf({ ...options, pictures: small, state }).state()).toEqual(state)
  const named = 'pictures with a short side of 224 px, JPEGs of quality 90'
  expect(() => loaderOf({ ...options, pictures: smaller, state })).toThrow(`the loader state belongs to ${named}, not to pictures with a short side of 96 px, JPEGs of quality 90`)
  expect(() => loaderOf({ ...options, pictures: small, state: plain })).toThrow(`the loader state belongs to pictures that were not made small, not to ${named}`)
  expect(() => loaderOf({ ...options, state })).toThrow(`the loader state belongs to ${named}, not to pictures that were not made small`)
  expect(() => loaderOf({ ...options, root: sha256('other'), state })).toThrow(`the loader state belongs to root ${state.root}, not to root ${sha256('other').slice(0, 32)}`)
})

describe('ranks', () => {
  const ofRank = (rank: number, size: number) => all(loaderOf({ ...options, batchSize: 6, world: { rank, size } }))

  test.each([2, 3, 6])('%d of them have the batches of one, in order', async (size) => {
    const whole = await all(loaderOf({ ...options, batchSize: 6 }))
    const parts = await Promise.all(Array.from({ length: size }, (_, rank) => ofRank(rank, size)))
    whole.forEach((batch, k) => {
      expect(parts.flatMap((batches) => batches[k]!.ids)).toEqual(batch.ids)
      for (const batches of parts) expect(batches[k]!.state).toEqual(batch.state)
    })
  })

  test('a batch that cannot be divided is refused, with one that can', () => {
    expect(() => loaderOf({ ...options, batchSize: 6, world: { rank: 0, size: 4 } })).toThrow(
      expect.objectContaining({ code: 'E_LOADER_WORLD', hint: 'choose a batch of 8: it counts the samples of all ranks together' }))
    expect(() => loaderOf({ ...options, world: { rank: 3, size: 3 } })).toThrow('rank 3 of 3: ranks are 0 .. 2')
  })
})

test('the last batch may end where the last epoch ends', async () => {
  const batches = await all(loaderOf({ ...options, epochs: 2, batchSize: 4, lastBatch: 'short' }))
  expect(batches.map(({ ids }) => ids.length)).toEqual([4, 4, 4, 2])
  expect(batches.at(-1)!.state.next).toBe(14)
})

test.each([[2, 1], [3, 1], [6, 1]])('and has equally many samples for each of %d ranks, which together go on in the order', async (size, each) => {
  // 14 samples, 6 to a batch: two are left, and the ranks want a multiple of their number
  const order = (await all(loaderOf(options))).flatMap(({ ids }) => ids)
  const ranks = await Promise.all(Array.from({ length: size }, (_, rank) => all(loaderOf({ ...options, epochs: 2, batchSize: 6, lastBatch: 'short', world: { rank, size } }))))
  for (const batches of ranks) expect(batches.map(({ ids, state }) => [ids.length, state.next])).toEqual([[6 / size, 6], [6 / size, 12], [each, 12 + size * each]])
  expect(ranks.flatMap((batches) => batches[2]!.ids)).toEqual(order.slice(12, 12 + size * each))
})

test('a last batch of ranks is no longer than the others', async () => {
  const ofRank = (rank: number) => all(loaderOf({ ...options, epochs: 1, batchSize: 4, lastBatch: 'short', world: { rank, size: 2 } }))
  expect((await ofRank(1)).map(({ ids, state }) => [ids.length, state.next])).toEqual([[2, 4], [2, 8]])
})

describe('a signal', () => {
  test('ends the loader before its next batch, and what was handed out counts', async () => {
    const stop = new AbortController()
    const loader = loaderOf({ ...options, signal: stop.signal })
    const seen: string[] = []
    const run = async () => { for await (const { ids } of loader) { seen.push(...ids); stop.abort(new Error('enough')) } }
    await expect(run()).rejects.toThrow('enough')
    expect([seen.length, loader.state().next]).toEqual([3, 3])
  })
})

test('timers and signals are heard while batches are made in this thread', async () => {
  const endless = loaderOf({ ...options, epochs: 2 ** 31, signal: AbortSignal.timeout(50) })
  const run = async () => { for await (const _ of endless) continue }
  await expect(run()).rejects.toThrow(/timeout/)
})

test('two iterators of one loader each hand out batches with the state that belongs to them', async () => {
  const whole = (await all(loaderOf(options))).map(({ ids, state }) => ({ ids, state }))
  const loader = loaderOf(options)
  const [a, b] = [loader[Symbol.asyncIterator](), loader[Symbol.asyncIterator]()]
  const taken: unknown[] = []
  for (const iterator of [a, b, a, b, a]) {
    const { ids, state } = ((await iterator.next()) as { value: Batch }).value
    taken.push({ ids, state })
  }
  // the second begins where the first stood
  expect(taken).toEqual([whole[0], whole[1], whole[1], whole[2], whole[2]])
})

test('whatever ends a loader, what makes its batches is closed', async () => {
  const closed: string[] = []
  const source = sourceOfClips(clips)
  const watched = (name: string, recipe = idsOnly) => createLoader({
    ...options, plan: planOf({ seed: 1 }, source.clips), maker: () => ({ ...localMaker({ source, recipe }), close: async () => void closed.push(name) }) })
  await all(watched('end'))
  for await (const _ of watched('break')) break
  await all(watched('throw', { ...idsOnly, draw: () => { throw new Error('no') } })).catch(() => {})
  expect(closed).toEqual(['end', 'break', 'throw'])
})
