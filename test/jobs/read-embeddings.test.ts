import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { writeFrameRows } from '../../src/eval/run-tables.ts'
import { readEmbeddings } from '../../src/jobs/read-embeddings.ts'
import { literal, withDuck } from '../../src/store/duckdb.ts'
import { rows } from '../eval/clips.ts'
import { temporaryFolder } from '../store/folder.ts'

const npz = (name: string) => fileURLToPath(new URL(`../fixtures/npz/${name}.npz`, import.meta.url))

/** A Parquet file of what a query answers. */
async function parquet(query: string): Promise<string> {
  const file = join(await temporaryFolder(), 'made.parquet')
  await withDuck((duck) => duck.run(`COPY (${query}) TO ${literal(file)} (FORMAT parquet)`), { threads: 1 })
  return file
}

test('reads arrays by name out of what numpy.savez writes, float64 rounded to float32', async () => {
  const [stored, deflated] = [await readEmbeddings(npz('counter-f4')), await readEmbeddings(npz('counter-f8'))]
  expect([...stored.keys()]).toEqual(['penn-action/1006', 'penn-action/1007', 'penn-action/1008', 'penn-action/1009'])
  expect(stored.get('penn-action/1008')!.shape).toEqual([32, 2])
  expect(deflated).toEqual(stored)
})

test('reads our own rows per frame back to the bit', async () => {
  const given = new Map([['a', rows([0.1, -3], [1e-30, 7])], ['b', rows([5, 6])]])
  expect(await readEmbeddings(await writeFrameRows(join(await temporaryFolder(), 'own.parquet'), 'a run', given))).toEqual(given)
})

test('reads lists too, rows in any order', async () => {
  const file = await parquet(`SELECT 'a' AS clip, CAST(3 - i AS BIGINT) AS frame, [CAST(3 - i AS DOUBLE), 0.5] AS embedding FROM range(4) t(i)`)
  expect(await readEmbeddings(file)).toEqual(new Map([['a', rows([0, 0.5], [1, 0.5], [2, 0.5], [3, 0.5])]]))
})

const row = (clip: string, frame: number, value: string) => `SELECT '${clip}' AS clip_id, ${frame} AS frame, CAST(${value} AS FLOAT) AS e0`

test.each([
  ['E_EMBEDDINGS_ROWS', 'frame 0 of a is there twice', `${row('a', 0, '1')} UNION ALL ${row('a', 0, '2')}`],
  ['E_EMBEDDINGS_ROWS', 'a has 2 rows, one of them of frame 2: frames count from 0 without gaps', `${row('a', 0, '1')} UNION ALL ${row('a', 2, '2')}`],
  ['E_EMBEDDINGS_ROWS', 'a row of a, frame 1, holds null', `${row('a', 0, '1')} UNION ALL ${row('a', 1, 'NULL')}`],
  ['E_EMBEDDINGS_NUMBER', 'frame 1 of a holds NaN', `${row('a', 0, '1')} UNION ALL ${row('a', 1, "'nan'")}`],
  ['E_EMBEDDINGS_SHAPE', 'embeddings have 1 to 2 numbers, not one length', `SELECT 'a' AS clip, i AS frame, [0.5::FLOAT, 1, 2][:i + 1] AS embedding FROM range(2) t(i)`],
  ['E_EMBEDDINGS_DTYPE', 'column e0 of', `SELECT 'a' AS clip_id, 0 AS frame, 7 AS e0`],
  ['E_EMBEDDINGS_FILE', 'has the columns clip_id VARCHAR, e0 FLOAT', `SELECT clip_id, e0 FROM (${row('a', 0, '1')})`],
])('refuses with %s: %s', async (code, message, query) => {
  await expect(readEmbeddings(await parquet(query))).rejects.toMatchObject({ code, message: expect.stringContaining(message) as unknown })
})

test('refuses integers, other formats and what is not there', async () => {
  await expect(readEmbeddings(npz('integers'))).rejects.toMatchObject({ code: 'E_EMBEDDINGS_DTYPE', message: 'the array of penn-action/1006 is of dtype <i8; float16, float32 and float64 are read' })
  await expect(readEmbeddings('mine.csv')).rejects.toMatchObject({ code: 'E_EMBEDDINGS_FILE', message: 'there is no file "mine.csv"', hint: 'numpy.savez(file, **{clip_id: array}) writes one, or a Parquet file of clip_id, frame, e0, e1, ...' })
  await expect(readEmbeddings(fileURLToPath(import.meta.url))).rejects.toMatchObject({ message: expect.stringContaining('is neither .npz nor .parquet') as unknown })
})
