import { mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { count } from '../../src/eval/baselines/count.ts'
import { evaluate } from '../../src/eval/evaluate.ts'
import { embedClips } from '../../src/eval/measured.ts'
import { protocolOf } from '../../src/eval/protocol.ts'
import { readMeasures, writeEmbeddings, writeMeasures } from '../../src/eval/run-tables.ts'
import { withDuck } from '../../src/store/duckdb.ts'
import { readRows } from '../../src/store/read-parquet.ts'
import { clipOf, oracle } from './clips.ts'

const clips = [clipOf('made/1', 20), clipOf('made/2', 30), clipOf('made/3', 25)]

test('measures rest as Parquet and come back as they were, values that cannot be computed as null with the reason', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'posetta-measures-'))
  const made = await evaluate({ encoder: oracle, baselines: [count], train: [], test: clips, action: 'pullup', protocol: protocolOf('quick') })
  await writeMeasures(folder, 'a run', made)
  expect(await readMeasures(folder)).toEqual(made)
  expect(made.measures.find(({ metric }) => metric === 'phase-accuracy-100')).toMatchObject({ value: null, reason: 'no labelled training clip' })
  expect(await readdir(folder)).toEqual(['measures.parquet'])
})

test('embeddings rest as one row per frame', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'posetta-embeddings-'))
  const file = await writeEmbeddings(folder, 'a run', await embedClips(count, clips))
  const columns = [{ name: 'clip_id', type: 'text' }, { name: 'frame', type: 'integer' }, { name: 'e0', type: 'float' }, { name: 'e1', type: 'float' }] as const
  const rows = await withDuck((duck) => readRows(duck, { files: [file] }, columns))
  expect(rows.length).toBe(75)
  expect(rows[25]).toEqual(['made/2', 5, Math.fround(5 / 30), 5])
})
