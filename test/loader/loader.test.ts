import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Batch, LoaderState } from '../../src/batch.ts'
import { sha256 } from '../../src/hash.ts'
import { alignmentViews, createLoader, type LoaderOptions, orderOf } from '../../src/loader/index.ts'
import { checkResumes } from '../soak/resume.ts'
import { exampleClip, skeleton } from '../transforms/examples.ts'

const clips = Array.from({ length: 7 }, (_, i) => exampleClip({ seed: i + 1, frames: 6 + 3 * i }))
const heatmaps = { skeleton, channels: 'both', size: 8, sigma: 0.5, patch: 4 } as const
const options: LoaderOptions = {
  clips, split: sha256('split'), root: sha256('root'), seed: 2026, batchSize: 3, epochs: 3,
  collate: () => ({}),
}
const drawing = () => ({ ...options, collate: alignmentViews({ heatmaps, frames: 16, seed: 2026 }) })

async function all(loader: AsyncIterable<Batch>): Promise<Batch[]> {
  const batches: Batch[] = []
  for await (const batch of loader) batches.push(batch)
  return batches
}
/** What a consumer can see of a batch, its bytes hashed: buffers are used again. */
function fingerprint({ ids, epoch, tensors, state }: Batch) {
  const bytes = Object.entries(tensors).map(([name, { shape, data }]) =>
    [name, shape.join(' '), createHash('sha256').update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)).digest('hex')])
  return { ids, epoch, bytes, state }
}
async function fingerprints(loader: AsyncIterable<Batch>) {
  const seen = []
  for await (const batch of loader) seen.push(fingerprint(batch))
  return seen
}

test('every epoch hands out every clip once, in the order of the epoch, clips sorted by id', async () => {
  const ids = (await all(createLoader({ ...options, clips: [...clips].reverse() }))).flatMap((batch) => batch.ids)
  const sorted = clips.map(({ id }) => id).sort()
  const expected = [0, 1, 2].flatMap((epoch) => sorted.map((_, position) => sorted[orderOf(7, { seed: 2026, epoch })(position)]!))
  expect(ids).toEqual(expected)
})

test('a batch goes on into the next epoch, and the last one is filled from the epoch after the last', async () => {
  const batches = await all(createLoader({ ...options, epochs: 2 }))
  expect(createLoader({ ...options, epochs: 2 }).steps).toBe(5)
  expect(batches.map(({ ids, epoch, state }) => [ids.length, epoch, state.epoch, state.next]))
    .toEqual([[3, 0, 0, 3], [3, 0, 0, 6], [3, 0, 1, 9], [3, 1, 1, 12], [3, 1, 2, 15]])
  expect(batches[4]!.ids[2]).toBe(clips[orderOf(7, { seed: 2026, epoch: 2 })(0)]!.id)
})

test('a batch may be larger than the number of clips', async () => {
  const batches = await all(createLoader({ ...options, batchSize: 16, epochs: 3 }))
  expect(batches.map(({ ids }) => ids.length)).toEqual([16, 16])
})

test('resuming at every step of 3 epochs gives the batches of the uninterrupted run, to the last byte', async () => {
  const whole = await fingerprints(createLoader(drawing()))
  expect(whole.length).toBe(7)
  for (let step = 0; step < whole.length; step++) {
    const state = JSON.parse(JSON.stringify(whole[step]!.state)) as LoaderState
    expect(await fingerprints(createLoader({ ...drawing(), state }))).toEqual(whole.slice(step + 1))
  }
})

test('resuming holds for 200 random sizes, batch sizes, epochs, seeds and steps, with a change of batch size on the way', async () => {
  expect(await checkResumes(200)).toBe(200)
})

test('resuming with another batch size goes on with the same samples', async () => {
  const whole = (await all(createLoader(options))).flatMap(({ ids }) => ids)
  const state = (await all(createLoader({ ...options, epochs: 1 })))[1]!.state
  const rest = (await all(createLoader({ ...options, batchSize: 5, state }))).flatMap(({ ids }) => ids)
  expect(rest).toEqual(whole.slice(6))
})

test('batches are the same whatever the consumer does: waits, asks ahead, or writes into an old batch', async () => {
  const expected = await fingerprints(createLoader(drawing()))
  const slow = []
  for await (const batch of createLoader(drawing())) {
    await new Promise((resolve) => { setImmediate(resolve) })
    slow.push(fingerprint(batch))
    batch.tensors['patches']!.data.fill(Number.NaN)
  }
  const iterator = createLoader(drawing())[Symbol.asyncIterator]()
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

test('an abandoned loader stands after the last batch handed out, and goes on from there', async () => {
  const loader = createLoader(options)
  const seen: string[] = []
  for await (const { ids, state } of loader) {
    seen.push(...ids)
    expect(loader.state()).toEqual(state)
    if (seen.length === 6) break
  }
  expect(loader.state().next).toBe(6)
  const rest = (await all(loader)).flatMap(({ ids }) => ids)
  expect([...seen, ...rest]).toEqual((await all(createLoader(options))).flatMap(({ ids }) => ids))
})

test('a batch that could not be made does not count', async () => {
  let tries = 0
  const loader = createLoader({ ...options, collate: () => { if (++tries === 2) throw new Error('no memory'); return {} } })
  await expect(all(loader)).rejects.toThrow('no memory')
  expect(loader.state().next).toBe(3)
})

test('the state after the end gives no more batches, unless there are more epochs', async () => {
  const { state } = (await all(createLoader(options))).at(-1)!
  expect(await all(createLoader({ ...options, state }))).toEqual([])
  expect((await all(createLoader({ ...options, epochs: 4, state }))).length).toBe(3)
})

test('a state is at most 200 bytes of JSON, however large its numbers', () => {
  const largest = 2 ** 53 - 1
  const state: LoaderState = { ...createLoader({ ...options, seed: largest }).state(), next: largest, epoch: 2 ** 32 - 1 }
  expect(Buffer.byteLength(JSON.stringify(state))).toBeLessThanOrEqual(200)
})

test('another seed, another order', async () => {
  const orders = await Promise.all([2026, 2027].map(async (seed) => (await all(createLoader({ ...options, seed }))).flatMap(({ ids }) => ids)))
  expect(orders[0]).not.toEqual(orders[1])
})

describe('a state that does not belong here is refused by name', () => {
  const state = createLoader(options).state()
  const [here, there] = [sha256('split').slice(0, 32), sha256('other').slice(0, 32)]

  test.each<[Partial<LoaderOptions>, string]>([
    [{ split: sha256('other') }, `the loader state belongs to split ${here}, not to split ${there}`],
    [{ root: sha256('other') }, `the loader state belongs to root ${sha256('root').slice(0, 32)}, not to root ${there}`],
    [{ seed: 1 }, 'the loader state belongs to seed 2026, not to seed 1'],
    [{ state: { ...state, format: 2 as 1 } }, 'the loader state has format 2, this version reads format 1'],
    [{ state: { ...state, next: 8 } }, 'the loader state stands at sample 8 of epoch 0, which 7 clips do not have'],
    [{ state: { ...state, next: -1 } }, 'the loader state stands at sample -1 of epoch 0, which 7 clips do not have'],
    [{ clips: [] }, `split ${here} has no clip to train on`],
  ])('%#: %j', (change, message) => {
    expect(() => createLoader({ ...options, state, ...change })).toThrow(message)
  })
})
