import { describe, expect, test } from 'vitest'
import { orderOf } from '../../src/loader/permutation.ts'
import { type Columns, tableBatches } from '../../src/loader/table-batches.ts'

const column = (shape: readonly number[], of: (index: number) => number): Columns[string] => (
  { shape, data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => of(index)) })

/** Row r is r, and (10 r, 10 r + 1). */
const table = (rows: number): Columns => ({ id: column([rows], (index) => index), pair: column([rows, 2], (index) => 10 * Math.floor(index / 2) + (index % 2)) })
const idsOf = (columns: Columns, options: Parameters<typeof tableBatches>[1]): number[][] => Array.from(tableBatches(columns, options), ({ id }) => [...id!.data])

test('each epoch has every row once, in the order of the loader; a batch reaches into the next epoch', () => {
  const ids = idsOf(table(5), { rows: 2, epochs: 2, seed: 7 })
  expect(ids.map((batch) => batch.length)).toEqual([2, 2, 2, 2, 2])
  expect(ids.flat()).toEqual([0, 1].flatMap((epoch) => Array.from({ length: 5 }, (_, position) => orderOf(5, { seed: 7, epoch })(position))))
  expect(ids.flat().slice(0, 5).sort()).toEqual([0, 1, 2, 3, 4])
})

test('rows stay together over the columns', () => {
  for (const { id, pair } of tableBatches(table(6), { rows: 3, epochs: 2, seed: 1 })) {
    expect(pair!.shape).toEqual([3, 2])
    expect([...pair!.data]).toEqual([...id!.data].flatMap((row) => [10 * row, 10 * row + 1]))
  }
})

test('rows that fill no batch at the very end are left out, or come as a short one', () => {
  expect(idsOf(table(5), { rows: 2, epochs: 1, seed: 0 }).map((batch) => batch.length)).toEqual([2, 2])
  const short = Array.from(tableBatches(table(5), { rows: 2, epochs: 1, seed: 0, last: 'short' }), ({ id, pair }) => [id!.shape, pair!.shape, id!.data.length, pair!.data.length])
  expect(short).toEqual([[[2], [2, 2], 2, 4], [[2], [2, 2], 2, 4], [[1], [1, 2], 1, 2]])
  expect(idsOf(table(3), { rows: 8, epochs: 1, seed: 0, last: 'short' }).flat().sort()).toEqual([0, 1, 2])
})

describe('refuses', () => {
  test.each<[string, Columns, number, string]>([
    ['no columns', {}, 2, 'a table without columns'],
    ['columns of different lengths', { ...table(4), other: column([3], () => 0) }, 2, 'column "other" has 3 rows, "id" 4'],
    ['a column of fewer numbers than its shape', { id: { shape: [4], data: new Float32Array(3) } }, 2, 'column "id" [4] has 3 numbers'],
    ['a table smaller than a batch', table(3), 4, '3 rows fill no batch of 4'],
    ['batches of no rows', table(3), 0, 'batches of 0 rows'],
    ['batches of half a row', table(3), 1.5, 'batches of 1.5 rows'],
  ])('%s', (_title, columns, rows, message) => {
    expect(() => [...tableBatches(columns, { rows, epochs: 1, seed: 0 })]).toThrow(expect.objectContaining({ code: 'E_TABLE', message }))
  })
})
