import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { writeAnswer } from '../../src/cli/write-answer.ts'
import type { RowStream } from '../../src/queries/index.ts'

const written = async (batches: RowStream['batches'], limit = 10): Promise<string> => {
  const stream = new PassThrough()
  const done = writeAnswer({ columns: ['a'], batches }, 'json', limit, stream).finally(() => stream.end())
  const all = text(stream)
  await done.catch(() => null)
  return all
}

async function* batchesOf(...batches: (number[] | Error)[]): AsyncGenerator<number[][]> {
  for (const batch of batches) {
    if (batch instanceof Error) throw batch
    yield batch.map((value) => [value])
  }
}

test('an answer is one array over all batches, with no rows an empty one', async () => {
  expect(await written(batchesOf([1, 2], [], [3]))).toBe('[\n{"a":1},\n{"a":2},\n{"a":3}\n]\n')
  expect(await written(batchesOf([1, 2], [3]), 2)).toBe('[\n{"a":1},\n{"a":2}\n]\n')
  expect(await written(batchesOf())).toBe('[]\n')
  expect(await written(batchesOf([1]), 0)).toBe('[]\n')
})

test('a query that fails before its first rows writes nothing', async () => {
  expect(await written(batchesOf(new Error('too late')))).toBe('')
})
