import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Skeleton } from '../skeleton.ts'
import { columnsOf, type Manifest, sqlType, type TableName, tableFiles } from '../store/index.ts'

/** A data set of the store: what its manifest says, and the skeleton its joint columns are named after. */
export type Stored = { readonly manifest: Manifest; readonly skeleton: Skeleton }

/** The statements that make the tables of `docs/cli.md`: over all data sets of a store and all runs, only what manifests and runs name. */
export function viewStatements(storeDir: string, runsDir: string, stored: readonly Stored[]): string[] {
  const table = (name: TableName): string => tableOf(storeDir, stored, name)
  return [
    `CREATE VIEW clips AS SELECT * EXCLUDE (dataset), dataset FROM ${table('clips')} ORDER BY id`,
    view('frames', `SELECT clip_id, frame, person, time, box_x1, box_y1, box_x2, box_y2, frame_path FROM ${table('frames')}`),
    `CREATE VIEW keypoints AS ${union(stored.map((one) => keypointsOf(storeDir, one)), 'clip_id VARCHAR, frame INTEGER, person INTEGER, x FLOAT[], y FLOAT[], confidence FLOAT[], dataset VARCHAR')}`,
    `CREATE VIEW joints AS ${union(stored.flatMap((one) => jointsOf(storeDir, one)), `clip_id VARCHAR, frame INTEGER, person INTEGER, joint VARCHAR, raw_joint VARCHAR, x FLOAT, y FLOAT, z FLOAT, confidence FLOAT, state VARCHAR, dataset VARCHAR`)}`,
    view('phases', `SELECT * FROM ${table('phases')}`),
    view('files', `SELECT * FROM ${table('files')}`),
    `CREATE VIEW quarantine AS SELECT * EXCLUDE (dataset), dataset FROM ${table('quarantine')}`,
    view('splits', `SELECT split, side, clip_id FROM ${scan(stored.flatMap(({ manifest }) => parquetIn(join(storeDir, manifest.dataset, 'splits'))), 'split VARCHAR, side VARCHAR, clip_id VARCHAR')}`),
    view('embeddings', embeddingsOf(runsDir)),
    `CREATE VIEW measures AS SELECT * FROM ${scan(runTables(runsDir, 'measures').map(({ file }) => file), 'run VARCHAR, metric VARCHAR, protocol VARCHAR, action VARCHAR, card VARCHAR, encoder VARCHAR, against VARCHAR, value DOUBLE, low DOUBLE, high DOUBLE, n INTEGER, reason VARCHAR')}`,
  ]
}

/** A view with the data set of each row's clip as its last column. */
function view(name: string, select: string): string {
  return `CREATE VIEW ${name} AS SELECT *, split_part(clip_id, '/', 1) AS dataset FROM (${select})`
}

function tableOf(storeDir: string, stored: readonly Stored[], table: TableName): string {
  const files = stored.flatMap(({ manifest }) => tableFiles(storeDir, manifest, table))
  const columns = columnsOf(table, { skeleton: '', joints: [], dims: 2 })
  return scan(files, columns.map(({ name, type }) => `"${name}" ${sqlType(type)}`).join(', '))
}

/** Joints as lists, in the order of the skeleton; absent ones null. */
function keypointsOf(storeDir: string, { manifest, skeleton }: Stored): string {
  const list = (what: (joint: string) => string): string => `[${skeleton.joints.map(what).join(', ')}]`
  const located = (axis: string) => (joint: string): string => `CASE WHEN "${joint}_state" = 2 THEN NULL ELSE "${joint}_${axis}" END`
  return `SELECT clip_id, frame, person, ${list(located('x'))} AS x, ${list(located('y'))} AS y, ${list((joint) => `"${joint}_confidence"`)} AS confidence, ${text(manifest.dataset)} AS dataset
    FROM ${scan(tableFiles(storeDir, manifest, 'frames'), '')} WHERE "${skeleton.joints[0]}_state" IS NOT NULL`
}

/** The long form, one SELECT per joint, so that one joint reads its own columns alone. */
function jointsOf(storeDir: string, { manifest, skeleton }: Stored): string[] {
  const frames = scan(tableFiles(storeDir, manifest, 'frames'), '')
  return skeleton.joints.map((joint, index) => `SELECT clip_id, frame, person, ${text(joint)} AS joint, ${text(skeleton.rawJoints[index]!)} AS raw_joint,
    CASE WHEN "${joint}_state" = 2 THEN NULL ELSE "${joint}_x" END AS x, CASE WHEN "${joint}_state" = 2 THEN NULL ELSE "${joint}_y" END AS y, CAST(NULL AS FLOAT) AS z,
    "${joint}_confidence" AS confidence, CASE "${joint}_state" WHEN 0 THEN 'observed' WHEN 1 THEN 'occluded' ELSE 'absent' END AS state, ${text(manifest.dataset)} AS dataset
    FROM ${frames} WHERE "${joint}_state" IS NOT NULL`)
}

function embeddingsOf(runsDir: string): string {
  const tables = runTables(runsDir, 'embeddings')
  return union(tables.map(({ run, file }) => `SELECT ${text(run)} AS run, clip_id, frame, list_value(*COLUMNS('^e[0-9]+$')) AS embedding FROM ${scan([file], '')}`), 'run VARCHAR, clip_id VARCHAR, frame INTEGER, embedding FLOAT[]')
}

function union(selects: readonly string[], columns: string): string {
  return selects.length === 0 ? `SELECT * FROM ${scan([], columns)}` : selects.join(' UNION ALL ')
}

/** Parquet files as a table, or a table of those columns without rows. */
function scan(files: readonly string[], columns: string): string {
  if (files.length > 0) return `read_parquet([${files.map((file) => text(resolve(file))).join(', ')}], union_by_name = true, hive_partitioning = false)`
  return `(SELECT ${splitColumns(columns).map((column) => `CAST(NULL AS ${typeOf(column)}) AS ${nameOf(column)}`).join(', ')} WHERE false)`
}

/** A text as SQL writes it. */
function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
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

function parquetIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.parquet')).sort().map((name) => join(folder, name)) : []
}

function runTables(runsDir: string, table: string): { run: string; file: string }[] {
  if (!existsSync(runsDir)) return []
  return readdirSync(runsDir).sort().map((run) => ({ run, file: join(runsDir, run, `${table}.parquet`) })).filter(({ file }) => existsSync(file))
}
