import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Value } from '../../src/store/canonical.ts'
import { type Duck, withDuck } from '../../src/store/duckdb.ts'
import { readManifest, tableFiles } from '../../src/store/manifest.ts'
import { readRows } from '../../src/store/read-parquet.ts'
import { type Column, jointColumns } from '../../src/store/schema.ts'
import type { ColumnData } from '../../src/store/vectors.ts'
import { parquetWriter } from '../../src/store/write-parquet.ts'
import { writeClips } from '../../src/store/write-clips.ts'
import { makeClip, skeletons } from './clips.ts'
import { temporaryFolder } from './folder.ts'

const types = ['text', 'texts', 'integer', 'long', 'float', 'double', 'boolean'] as const
const columns: Column[] = types.map((type) => ({ name: `a "${type}"`, type }))
const values: Value[][] = [
  ['', 'twelve bytes', 'more than twelve bytes: kept elsewhere, é ü 漢', null],
  [[], ['one'], ['one', "it's", 'three'], []],
  [0, -1, 2 ** 31 - 1, null],
  [0, 2 ** 53 - 1, -(2 ** 40), null],
  [0.5, Math.fround(0.1), -Infinity, null],
  [0.1, Number.MAX_VALUE, 5e-324, null],
  [true, false, true, null],
]

async function write(duck: Duck, data: readonly ColumnData[], named: readonly Column[], rows: number): Promise<string> {
  const file = join(await temporaryFolder(), "it's.parquet")
  await parquetWriter(duck)(file, { columns: named, data, rows, metadata: { posetta: 'it\'s "x"' } })
  return file
}

test('every type goes through vectors and Parquet and back, nulls and long texts included', () => withDuck(async (duck) => {
  const file = await write(duck, types.map((type, c) => ({ kind: 'values', type, values: values[c]! })), columns, 4)
  expect(await readRows(duck, { files: [file] }, columns)).toEqual(values[0]!.map((_, row) => values.map((column) => column[row])))
}))

test.each([[200, 'one byte'], [300, 'two bytes']])('%d names are coded in %s; words keep their bits across chunks', (names) => withDuck(async (duck) => {
  const rows = 5000
  const name = (row: number) => `clip ${String(row % names).padStart(3, '0')}`
  const words = Uint32Array.from({ length: rows }, (_, row) => (row % 7 === 0 ? 0x7fc00000 : row * 3))
  const named: Column[] = [{ name: 'clip', type: 'text' }, { name: 'word', type: 'float' }]
  const file = await write(duck, [
    { kind: 'coded', names: Array.from({ length: names }, (_, i) => name(i)), codes: Uint32Array.from({ length: rows }, (_, row) => row % names) },
    { kind: 'words', type: 'float', words, nullWord: 0x7fc00000 },
  ], named, rows)
  const floats = new Float32Array(words.buffer)
  expect(await readRows(duck, { files: [file] }, named)).toEqual(Array.from({ length: rows }, (_, row) => [name(row), row % 7 === 0 ? null : floats[row]]))
}))

test('one joint is a column of its own in a zstd file, nulls never NaN', async () => {
  const storeDir = await temporaryFolder()
  const clips = [makeClip('tiny/a', { boxes: null }), makeClip('tiny/b', { keypoints: null, states: null, raw: null })]
  await writeClips({ storeDir, dataset: 'tiny', skeletons, clips })
  const [file] = tableFiles(storeDir, await readManifest(storeDir, 'tiny'), 'frames', 'two-2d')
  await withDuck(async (duck) => {
    const where = 'head_x IS NOT NULL AND NOT isnan(head_x) AND box_x1 IS NULL'
    expect(await readRows(duck, { files: [file!], where }, [{ name: 'left_hand_x', type: 'float' }])).toHaveLength(3)
    const labelsOnly = { files: [file!], where: "clip_id = 'tiny/b'" }
    expect(await readRows(duck, labelsOnly, jointColumns({ joints: skeletons[0]!.joints, dims: 2 }))).toEqual(Array(3).fill(Array(8).fill(null)))
    await duck.run(`SELECT CASE WHEN bool_and(compression = 'ZSTD') THEN 1 ELSE error('not zstd') END FROM parquet_metadata('${file}')`)
  })
})
