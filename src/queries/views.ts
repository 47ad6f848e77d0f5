import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Skeleton } from '../skeleton.ts'
import { columnsOf, type FixedTable, frameColumns, type Layout, type Manifest, sqlType, tableFiles } from '../store/index.ts'
import { sqlText } from './sql-text.ts'

/** A data set of the store: what its manifest says, and the skeletons that know the raw names of its joints; none for a data set that is not in the catalog at hand. */
export type Stored = { readonly manifest: Manifest; readonly skeletons: readonly Skeleton[] }

/** The statements that make the tables of `docs/cli.md`: over all data sets of a store and all runs, only what manifests and runs name. */
export function viewStatements(storeDir: string, runsDir: string, stored: readonly Stored[]): string[] {
  const table = (name: FixedTable): string => tableOf(storeDir, stored, name)
  const parts = stored.flatMap((one) => one.manifest.schema.layouts.map((layout): Part => ({ ...one, layout, frames: tableFiles(storeDir, one.manifest, 'frames', layout.name) })))
  const withJoints = parts.filter(({ layout }) => layout.joints.length > 0)
  return [
    `CREATE VIEW clips AS SELECT * EXCLUDE (dataset), dataset FROM ${table('clips')} ORDER BY id`,
    view('frames', `SELECT ${frameColumns.map(({ name }) => name).join(', ')} FROM ${scan(parts.flatMap(({ frames }) => frames), frameColumns.map(({ name, type }) => `${name} ${sqlType(type)}`).join(', '))}`),
    `CREATE VIEW keypoints AS ${union(withJoints.map(keypointsOf), 'clip_id VARCHAR, frame INTEGER, person INTEGER, x FLOAT[], y FLOAT[], z FLOAT[], confidence FLOAT[], dataset VARCHAR')}`,
    `CREATE VIEW joints AS ${union(withJoints.flatMap(jointsOf), 'clip_id VARCHAR, frame INTEGER, person INTEGER, joint VARCHAR, raw_joint VARCHAR, x FLOAT, y FLOAT, z FLOAT, confidence FLOAT, state VARCHAR, dataset VARCHAR')}`,
    `CREATE VIEW signals AS ${union(parts.flatMap(signalsOf), 'clip_id VARCHAR, frame INTEGER, signal VARCHAR, value FLOAT, dataset VARCHAR')}`,
    ...(['phases', 'segments', 'sides', 'files', 'cameras'] as const).map((name) => view(name, `SELECT * FROM ${table(name)}`)),
    view('images', `SELECT * FROM ${table('images')}`, 'film'),
    view('proxies', `SELECT * FROM ${table('proxies')}`, 'film'),
    `CREATE VIEW quarantine AS SELECT * EXCLUDE (dataset), dataset FROM ${table('quarantine')}`,
    view('splits', `SELECT split, side, clip_id FROM ${scan(stored.flatMap(({ manifest }) => splitsIn(join(storeDir, manifest.dataset, 'splits'))), 'split VARCHAR, side VARCHAR, clip_id VARCHAR')}`),
    view('embeddings', embeddingsOf(runsDir)),
    `CREATE VIEW measures AS SELECT * FROM ${scan(runTables(runsDir, 'measures').map(({ file }) => file), 'run VARCHAR, metric VARCHAR, protocol VARCHAR, action VARCHAR, card VARCHAR, encoder VARCHAR, against VARCHAR, value DOUBLE, low DOUBLE, high DOUBLE, n INTEGER, reason VARCHAR')}`,
  ]
}

/** The tables of the store that a view of `viewStatements` reads; none for those of runs. */
export function tablesOfView(name: string): readonly string[] {
  if (['keypoints', 'joints', 'signals'].includes(name)) return ['frames']
  return ['clips', 'frames', 'phases', 'segments', 'sides', 'files', 'cameras', 'images', 'proxies', 'quarantine', 'splits'].filter((table) => table === name)
}

/** Frames of one layout of one data set. */
type Part = Stored & { readonly layout: Layout; readonly frames: readonly string[] }

/** A view with the data set of each row's clip or film as its last column. */
function view(name: string, select: string, key: 'clip_id' | 'film' = 'clip_id'): string {
  return `CREATE VIEW ${name} AS SELECT *, split_part(${key}, '/', 1) AS dataset FROM (${select})`
}

function tableOf(storeDir: string, stored: readonly Stored[], table: FixedTable): string {
  const files = stored.flatMap(({ manifest }) => tableFiles(storeDir, manifest, table))
  return scan(files, columnsOf(table).map(({ name, type }) => `"${name}" ${sqlType(type)}`).join(', '))
}

/** Joints as lists, in the order of the skeleton; absent ones null. */
function keypointsOf({ manifest, layout, frames }: Part): string {
  const { joints, dims } = layout
  const list = (what: (joint: string) => string): string => `[${joints.map(what).join(', ')}]`
  const located = (axis: string) => (joint: string): string => coordinate(layout, joint, axis)
  return `SELECT clip_id, frame, person, ${list(located('x'))} AS x, ${list(located('y'))} AS y, ${dims === 3 ? list(located('z')) : 'CAST(NULL AS FLOAT[])'} AS z,
    ${list((joint) => `"${joint}_confidence"`)} AS confidence, ${sqlText(manifest.dataset)} AS dataset FROM ${scan(frames, '')} WHERE "${joints[0]}_state" IS NOT NULL`
}

/** The long form, one SELECT per joint, so that one joint reads its own columns alone. */
function jointsOf({ manifest, skeletons, layout, frames }: Part): string[] {
  const { skeleton, joints, dims } = layout
  const rawJoints = skeletons.find(({ name }) => name === skeleton)?.rawJoints ?? joints
  return joints.map((joint, index) => `SELECT clip_id, frame, person, ${sqlText(joint)} AS joint, ${sqlText(rawJoints[index]!)} AS raw_joint,
    ${coordinate(layout, joint, 'x')} AS x, ${coordinate(layout, joint, 'y')} AS y, ${dims === 3 ? coordinate(layout, joint, 'z') : 'CAST(NULL AS FLOAT)'} AS z,
    "${joint}_confidence" AS confidence, CASE "${joint}_state" WHEN 0 THEN 'observed' WHEN 1 THEN 'occluded' ELSE 'absent' END AS state, ${sqlText(manifest.dataset)} AS dataset
    FROM ${scan(frames, '')} WHERE "${joint}_state" IS NOT NULL`)
}

/** A coordinate of a joint as a float, null where the joint is absent. */
function coordinate({ step }: Layout, joint: string, axis: string): string {
  const value = step === undefined ? `"${joint}_${axis}"` : `CAST("${joint}_${axis}" AS FLOAT) * CAST(${step} AS FLOAT)`
  return `CASE WHEN "${joint}_state" = 2 THEN NULL ELSE ${value} END`
}

/** The long form of the signals; values that are not there have no row. */
function signalsOf({ manifest, layout: { signals }, frames }: Part): string[] {
  if (signals.length === 0) return []
  const columns = signals.map((name) => `"${name}"`).join(', ')
  return [`SELECT clip_id, frame, signal, value, ${sqlText(manifest.dataset)} AS dataset
    FROM (UNPIVOT (SELECT clip_id, frame, ${columns} FROM ${scan(frames, '')}) ON ${columns} INTO NAME signal VALUE value)`]
}

function embeddingsOf(runsDir: string): string {
  const tables = runTables(runsDir, 'embeddings')
  return union(tables.map(({ run, file }) => `SELECT ${sqlText(run)} AS run, clip_id, frame, list_value(*COLUMNS('^e[0-9]+$')) AS embedding FROM ${scan([file], '')}`), 'run VARCHAR, clip_id VARCHAR, frame INTEGER, embedding FLOAT[]')
}

function union(selects: readonly string[], columns: string): string {
  return selects.length === 0 ? `SELECT * FROM ${scan([], columns)}` : selects.join(' UNION ALL ')
}

/** Parquet files as a table, or a table of those columns without rows. */
function scan(files: readonly string[], columns: string): string {
  if (files.length > 0) return `read_parquet([${files.map((file) => sqlText(resolve(file))).join(', ')}], union_by_name = true, hive_partitioning = false)`
  return `(SELECT ${splitColumns(columns).map((column) => `CAST(NULL AS ${typeOf(column)}) AS ${nameOf(column)}`).join(', ')} WHERE false)`
}

function splitColumns(columns: string): string[] {
  return columns.split(', ')
}

function nameOf(column: string): string {
  return column.slice(0, column.lastIndexOf(' '))
}

function typeOf(column: string): string {
  return column.slice(column.lastIndexOf(' ') + 1)
}

/** A split is there when its json file is, which was written last. */
function splitsIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')).sort().map((name) => join(folder, `${name.slice(0, -'.json'.length)}.parquet`)) : []
}

function runTables(runsDir: string, table: string): { run: string; file: string }[] {
  if (!existsSync(runsDir)) return []
  return readdirSync(runsDir).sort().map((run) => ({ run, file: join(runsDir, run, `${table}.parquet`) })).filter(({ file }) => existsSync(file))
}
