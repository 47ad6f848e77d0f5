import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { literal } from '../store/duckdb.ts'
import { columnsOf, type FixedTable, frameColumns, sqlType, tableFiles } from '../store/index.ts'
import { emptyTable, type FileLists, pathLiteral } from './file-lists.ts'
import { coordinate, type FramePart, stateOf, type Stored } from './frame-parts.ts'

const labelTables = ['phases', 'segments', 'sides', 'files', 'cameras'] as const
const filmTables = ['images', 'proxies'] as const

/** The statements that make the tables of `docs/sql.md`: over all data sets of a store and all runs, only what manifests and runs name. */
export function viewStatements({ storeDir, runsDir, stored, parts, lists }: {
  readonly storeDir: string; readonly runsDir: string; readonly stored: readonly Stored[]; readonly parts: readonly FramePart[]; readonly lists: FileLists
}): string[] {
  const table = (name: FixedTable): string => {
    const columns = columnsOf(name).map((column) => `"${column.name}" ${sqlType(column.type)}`).join(', ')
    return lists.scan(`store: ${name}`, stored.flatMap(({ manifest }) => tableFiles(storeDir, manifest, name)), columns)
  }
  const withJoints = parts.filter(({ layout }) => layout.joints.length > 0)
  const columns = frameColumns.map(({ name, type }) => `${name} ${sqlType(type)}`).join(', ')
  const splits = stored.flatMap(({ manifest }) => splitsIn(join(storeDir, manifest.dataset, 'splits')))
  return [
    `CREATE VIEW clips AS SELECT * EXCLUDE (dataset), dataset FROM ${table('clips')}`,
    view('frames', union(parts.map((part) => `SELECT ${frameColumns.map(({ name }) => name).join(', ')} FROM ${part.table}`), columns)),
    `CREATE VIEW keypoints AS ${union(withJoints.map(keypointsOf), 'clip_id VARCHAR, frame INTEGER, person INTEGER, x FLOAT[], y FLOAT[], z FLOAT[], confidence FLOAT[], dataset VARCHAR')}`,
    `CREATE VIEW joints AS ${union(withJoints.flatMap(jointsOf), 'clip_id VARCHAR, frame INTEGER, person INTEGER, joint VARCHAR, raw_joint VARCHAR, x FLOAT, y FLOAT, z FLOAT, confidence FLOAT, state VARCHAR, dataset VARCHAR')}`,
    `CREATE VIEW signals AS ${union(parts.flatMap(signalsOf), 'clip_id VARCHAR, frame INTEGER, signal VARCHAR, value FLOAT, dataset VARCHAR')}`,
    ...labelTables.map((name) => view(name, `SELECT * FROM ${table(name)}`)),
    ...filmTables.map((name) => view(name, `SELECT * FROM ${table(name)}`, 'film')),
    `CREATE VIEW quarantine AS SELECT * EXCLUDE (dataset), dataset FROM ${table('quarantine')}`,
    view('splits', `SELECT split, side, clip_id FROM ${lists.scan('store: splits', splits, 'split VARCHAR, side VARCHAR, clip_id VARCHAR')}`),
    view('embeddings', embeddingsOf(runsDir)),
    `CREATE VIEW measures AS SELECT * FROM ${runTable(runsDir, 'measures', measureTypes)}`,
    `CREATE VIEW probes AS SELECT * FROM ${runTable(runsDir, 'probes', probeTypes)}`,
    `CREATE VIEW robustness AS SELECT * FROM ${runTable(runsDir, 'robustness', robustnessTypes)}`,
    `CREATE VIEW training AS SELECT * FROM ${runTable(runsDir, 'training', trainingTypes)}`,
  ]
}

/** The tables of the store that a view of `viewStatements` reads; none for those of runs. */
export function tablesOfView(name: string): readonly string[] {
  if (['keypoints', 'joints', 'signals'].includes(name)) return ['frames']
  return ['clips', 'frames', ...labelTables, ...filmTables, 'quarantine', 'splits'].filter((table) => table === name)
}

/** A view with the data set of each row's clip or film as its last column. */
function view(name: string, select: string, key: 'clip_id' | 'film' = 'clip_id'): string {
  return `CREATE VIEW ${name} AS SELECT *, split_part(${key}, '/', 1) AS dataset FROM (${select})`
}

/** Joints as lists, in the order of the skeleton; absent ones null. */
function keypointsOf({ manifest, layout, table }: FramePart): string {
  const { joints, dims } = layout
  const list = (what: (joint: string) => string): string => `[${joints.map(what).join(', ')}]`
  return `SELECT clip_id, frame, person, ${list((joint) => coordinate(layout, joint, 'x'))} AS x, ${list((joint) => coordinate(layout, joint, 'y'))} AS y,
    ${dims === 3 ? list((joint) => coordinate(layout, joint, 'z')) : 'CAST(NULL AS FLOAT[])'} AS z,
    ${list((joint) => `"${joint}_confidence"`)} AS confidence, ${literal(manifest.dataset)} AS dataset FROM ${table} WHERE "${joints[0]}_state" IS NOT NULL`
}

/** The long form, one SELECT per joint, so that one joint reads its own columns alone. */
function jointsOf({ manifest, skeletons, layout, table }: FramePart): string[] {
  const { skeleton, joints } = layout
  const rawJoints = skeletons.find(({ name }) => name === skeleton)?.rawJoints ?? joints
  return joints.map((joint, index) => `SELECT clip_id, frame, person, ${literal(joint)} AS joint, ${literal(rawJoints[index]!)} AS raw_joint,
    ${coordinate(layout, joint, 'x')} AS x, ${coordinate(layout, joint, 'y')} AS y, ${coordinate(layout, joint, 'z')} AS z,
    "${joint}_confidence" AS confidence, ${stateOf(joint)} AS state, ${literal(manifest.dataset)} AS dataset FROM ${table} WHERE "${joint}_state" IS NOT NULL`)
}

/** The long form of the signals; values that are not there have no row. */
function signalsOf({ manifest, layout: { signals }, table }: FramePart): string[] {
  if (signals.length === 0) return []
  const columns = signals.map((name) => `"${name}"`).join(', ')
  return [`SELECT clip_id, frame, signal, value, ${literal(manifest.dataset)} AS dataset
    FROM (UNPIVOT (SELECT clip_id, frame, ${columns} FROM ${table}) ON ${columns} INTO NAME signal VALUE value)`]
}

function embeddingsOf(runsDir: string): string {
  const selects = runTables(runsDir, 'embeddings').map(({ run, file }) =>
    `SELECT ${literal(run)} AS run, clip_id, frame, list_value(*COLUMNS('^e[0-9]+$')) AS embedding FROM read_parquet(${pathLiteral(file)}, hive_partitioning = false)`)
  return union(selects, 'run VARCHAR, clip_id VARCHAR, frame INTEGER, embedding FLOAT[]')
}

/** Runs of earlier versions lack columns of later ones. */
function runTable(runsDir: string, table: string, types: string): string {
  const files = runTables(runsDir, table).map(({ file }) => pathLiteral(file))
  return files.length === 0 ? emptyTable(types) : `read_parquet([${files.join(', ')}], union_by_name = true, hive_partitioning = false)`
}

const measureTypes = 'run VARCHAR, metric VARCHAR, protocol VARCHAR, action VARCHAR, card VARCHAR, encoder VARCHAR, against VARCHAR, labels VARCHAR, better VARCHAR, headline BOOLEAN, value DOUBLE, low DOUBLE, high DOUBLE, p DOUBLE, n INTEGER, unit VARCHAR, clips INTEGER, settings VARCHAR, reason VARCHAR'
const probeTypes = 'run VARCHAR, encoder VARCHAR, verdict VARCHAR, clips INTEGER, offset_content DOUBLE, offset_index DOUBLE, shuffle_content DOUBLE, shuffle_index DOUBLE, reverse_content DOUBLE, reverse_index DOUBLE, still_content DOUBLE, still_index DOUBLE, spread DOUBLE, variation DOUBLE, rank DOUBLE'
const robustnessTypes = 'run VARCHAR, metric VARCHAR, protocol VARCHAR, action VARCHAR, card VARCHAR, encoder VARCHAR, against VARCHAR, kind VARCHAR, level DOUBLE, better VARCHAR, value DOUBLE, low DOUBLE, high DOUBLE, p DOUBLE, n INTEGER, clips INTEGER, reason VARCHAR'
const trainingTypes = 'run VARCHAR, step INTEGER, epoch INTEGER, loss DOUBLE, gradient_norm DOUBLE, rate DOUBLE, validation DOUBLE, best BOOLEAN, seconds DOUBLE, wait_seconds DOUBLE, samples INTEGER'

function union(selects: readonly string[], columns: string): string {
  return selects.length === 0 ? `SELECT * FROM ${emptyTable(columns)}` : selects.join(' UNION ALL ')
}

/** A split is there when its json file is, which was written last. */
function splitsIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')).sort().map((name) => join(folder, `${name.slice(0, -'.json'.length)}.parquet`)) : []
}

function runTables(runsDir: string, table: string): { run: string; file: string }[] {
  if (!existsSync(runsDir)) return []
  return readdirSync(runsDir).sort().map((run) => ({ run, file: join(runsDir, run, `${table}.parquet`) })).filter(({ file }) => existsSync(file))
}
