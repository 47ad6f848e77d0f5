import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withSession } from '../../src/queries/session.ts'
import { trustScans } from '../../src/queries/trusted-scan.ts'
import { writeClips } from '../../src/store/write-clips.ts'
import { filesOf, textOf } from '../sources.ts'
import { makeClips, skeletons, spatial, three } from '../store/clips.ts'
import { flipBit } from '../store/flip.ts'
import { temporaryFolder } from '../store/folder.ts'

/** They open sessions, make tables of their own, or ask DuckDB's parser, catalog and settings; `lint` works on a DuckDB without a store. */
const exempt = new Set(['catalog-names.ts', 'check-joints.ts', 'file-lists.ts', 'fitted.ts', 'read-only.ts', 'repeatable.ts', 'sandbox.ts', 'session.ts', 'touched.ts'].map((name) => `src/queries/${name}`))

test('whoever runs a statement on the store has what it reads hashed before', () => {
  const running = filesOf('src', '.ts').filter((path) => /\bconnection\.(?:run|runAndRead\w*|stream\w*|prepare|start)\(/.test(textOf(path)))
  const free = running.filter((path) => !exempt.has(path) && !path.startsWith('src/queries/lint/'))
  expect(free.filter((path) => !/\b(?:trustScans|rowsOf)\(/.test(textOf(path)))).toEqual([])
})

const empty = new Set(['images', 'proxies', 'phases', 'quarantine', 'splits', 'embeddings', 'measures', 'probes', 'robustness', 'training'])
const filled = ['clips', 'frames', 'keypoints', 'joints', 'signals', 'segments', 'sides', 'files', 'cameras']

test('every view and every macro of a session leads to the files behind it', async () => {
  const [storeDir, runsDir] = [await temporaryFolder(), await temporaryFolder()]
  await writeClips({ storeDir, dataset: 'tiny', skeletons: [...skeletons, three], clips: [...makeClips(3), spatial('tiny/spatial')] })
  await withSession({ storeDir, runsDir }, async (connection) => {
    const rows = async (sql: string): Promise<string[][]> => (await connection.runAndReadAll(sql)).getRowsJS() as string[][]
    const views = await rows('SELECT view_name, sql FROM duckdb_views() WHERE NOT internal ORDER BY view_name')
    const macros = await rows('SELECT DISTINCT function_name, macro_definition FROM duckdb_functions() WHERE NOT internal ORDER BY ALL')
    for (const file of readdirSync(join(storeDir, 'tiny/shards'))) await flipBit(join(storeDir, 'tiny/shards', file), 40)
    const readsOne = (sql: string): boolean => filled.some((view) => new RegExp(`\\b${view}\\b`).test(sql))
    const reading = [...views.filter(([name]) => !empty.has(name!)), ...macros].filter(([name, sql]) => filled.includes(name!) || readsOne(sql!)).map(([name]) => name!)
    expect(reading).toEqual(expect.arrayContaining(filled))
    const statements = reading.flatMap((name) => [`SELECT * FROM ${name}`, `SELECT ${name}(1)`])
    const refusals = await Promise.all(statements.map((sql) => trustScans(connection, sql).then(() => `${sql} is not refused`, (error: { code: string }) => error.code)))
    expect(new Set(refusals)).toEqual(new Set(['E_FILE_CHANGED']))
  })
})
