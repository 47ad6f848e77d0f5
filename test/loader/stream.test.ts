import { Writable } from 'node:stream'
import { tableFromIPC } from 'apache-arrow'
import { expect, test } from 'vitest'
import type { Batch } from '../../src/batch.ts'
import { sha256 } from '../../src/hash.ts'
import { recipeOf, type RecipeSpec } from '../../src/loader/index.ts'
import { writeStream } from '../../src/loader/stream/write-stream.ts'
import { exampleClip, skeleton } from '../transforms/examples.ts'
import { all, loaderOf, type LocalOptions } from './loaders.ts'

const clips = Array.from({ length: 5 }, (_, i) => exampleClip({ seed: i + 1, frames: 6 + i }))
const spec: RecipeSpec = { seed: 3, skeleton, frames: 10, views: [[{ name: 'random-window' }]], points: { persons: 1, dims: 2 } }
const options: LocalOptions = { clips, split: sha256('split'), root: sha256('root'), seed: 3, batchSize: 3, epochs: 2, recipe: recipeOf(spec) }
const layout = recipeOf(spec).layout(1)

/** A pipe whose other end is read into memory. */
function collected(): { sink: Writable; bytes: () => Uint8Array } {
  const chunks: Uint8Array[] = []
  const sink = new Writable({ write: (chunk: Uint8Array, _, done) => { chunks.push(Uint8Array.from(chunk)); done() } })
  return { sink, bytes: () => Buffer.concat(chunks) }
}

test('a reader of Arrow sees the batches, a row a sample, tensors of a fixed shape', async () => {
  const { sink, bytes } = collected()
  expect(await writeStream({ batches: loaderOf(options), layout, about: { seed: 3 }, sink })).toEqual({ batches: 4, ended: 'done' })
  const table = tableFromIPC(bytes())
  expect(table.schema.fields.map(({ name, type }) => `${name} ${String(type)}`)).toEqual([
    'id Utf8', 'length Float32', 'mask FixedSizeList[10]<Float32>', 'points FixedSizeList[150]<Float32>', 'time FixedSizeList[10]<Float32>'])
  expect(Object.fromEntries(table.schema.fields[3]!.metadata)).toEqual({ 'ARROW:extension:name': 'arrow.fixed_shape_tensor', 'ARROW:extension:metadata': '{"shape":[10,1,5,3]}' })
  expect(JSON.parse(table.schema.metadata.get('posetta')!)).toEqual({ format: 1, seed: 3 })
  const seen = table.batches.map((batch) => ({ ids: batch.toArray().map(({ id }) => String(id)), points: batch.getChild('points')!.toArray().flatMap((row: Iterable<number>) => [...row]) }))
  const expected: unknown[] = []
  for await (const { ids, tensors } of loaderOf(options)) expected.push({ ids, points: [...tensors['points']!.data] })
  expect(seen).toEqual(expected)
})

test('each batch carries the state after it', async () => {
  const { sink, bytes } = collected()
  await writeStream({ batches: loaderOf(options), layout, sink })
  const states = tableFromIPC(bytes()).batches.map(({ metadata }) => [metadata.get('epoch'), JSON.parse(metadata.get('state')!)])
  expect(states).toEqual((await all(loaderOf(options))).map(({ epoch, state }) => [String(epoch), state]))
})

test('of two views, ids come once for each', async () => {
  const { sink, bytes } = collected()
  const recipe = recipeOf({ ...spec, views: [[{ name: 'random-window' }], [{ name: 'random-window' }]] })
  await writeStream({ batches: loaderOf({ ...options, recipe, epochs: 1 }), layout: recipe.layout(1), sink })
  const [batch] = tableFromIPC(bytes()).batches
  const ids = batch!.toArray().map(({ id }) => String(id))
  expect(ids.length).toBe(6)
  expect(ids.slice(3)).toEqual(ids.slice(0, 3))
})

test('without a batch there is still a schema', async () => {
  const { sink, bytes } = collected()
  await writeStream({ batches: (async function* none(): AsyncGenerator<Batch> {})(), layout, sink })
  const table = tableFromIPC(bytes())
  expect([table.numRows, table.schema.names]).toEqual([0, ['id', 'length', 'mask', 'points', 'time']])
})

test('a slow reader holds the loader back', async () => {
  let [asked, taken, ahead] = [0, 0, 0]
  async function* counted(): AsyncGenerator<Batch> {
    for await (const batch of loaderOf(options)) {
      asked++
      ahead = Math.max(ahead, asked - taken)
      yield batch
    }
  }
  const slow = new Writable({ highWaterMark: 1, writev: (_, done) => { setTimeout(() => { taken++; done() }, 5) } })
  await writeStream({ batches: counted(), layout, sink: slow })
  // the schema, four batches, the end
  expect([taken, ahead <= 1]).toEqual([6, true])
})

test('a reader that goes away ends it without an error, and the loader is closed', async () => {
  let isClosed = false
  async function* watched(): AsyncGenerator<Batch> {
    try {
      yield* loaderOf(options)
    } finally {
      isClosed = true
    }
  }
  let turn = 0
  // the schema is taken, and one batch
  const sink = new Writable({ writev: (_, done) => done(++turn <= 2 ? null : Object.assign(new Error('broken pipe'), { code: 'EPIPE' })) })
  expect(await writeStream({ batches: watched(), layout, sink })).toEqual({ batches: 1, ended: 'closed' })
  expect(isClosed).toBe(true)
})

test('a full disk is an error', async () => {
  const sink = new Writable({ write: (_, __, done) => done(Object.assign(new Error('no space'), { code: 'ENOSPC' })) })
  await expect(writeStream({ batches: loaderOf(options), layout, sink })).rejects.toThrow('no space')
})
