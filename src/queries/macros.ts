import { readFile } from 'node:fs/promises'
import { literal } from '../store/duckdb.ts'
import { emptyTable } from './file-lists.ts'
import { coordinate, type FramePart, stateOf } from './frame-parts.ts'

/** How many of a macro's first arguments are joints. */
const jointCounts: Readonly<Record<string, number>> = { joint: 1, angle: 3, speed: 1, bone_length: 2, distance: 0, clip_joints: 0, joint_columns: 3 }
/** Those that lie in `macros/`, each after the ones it calls. */
const written = ['joint', 'angle', 'speed', 'bone_length', 'distance']

/** The table macros of every session: docs/sql.md. */
export const macroNames: readonly string[] = Object.keys(jointCounts)

/** How many of the first arguments of a macro are names of joints; 0 for what is no macro of ours. */
export function jointArguments(macro: string): number {
  return jointCounts[macro.toLowerCase()] ?? 0
}

/** The statements that make the macros, by name; the first two are put together from the layouts at hand. */
export async function macroStatements(parts: readonly FramePart[]): Promise<ReadonlyMap<string, string>> {
  const posed = parts.filter(({ layout }) => layout.joints.length > 0)
  const files = await Promise.all(written.map(async (name): Promise<[string, string]> => [name, await bodyOf(name)]))
  return new Map([['clip_joints', clipJoints(posed)], ['joint_columns', jointColumns(posed)], ...files])
}

/** A file of `macros/` without its header, whose words are no names. */
async function bodyOf(name: string): Promise<string> {
  return (await readFile(new URL(`./macros/${name}.sql`, import.meta.url), 'utf8')).replaceAll(/^--.*\n/gm, '')
}

/** Up to three joints of each frame and person side by side, in one scan: constants for names are folded, so that nothing but the columns of those joints is read. */
function jointColumns(parts: readonly FramePart[]): string {
  const selects = parts.map(({ manifest, layout, table }) => {
    const { joints } = layout
    const chosen = (name: string, what: (joint: string) => string): string => `CASE ${name} ${joints.map((joint) => `WHEN ${literal(joint)} THEN ${what(joint)}`).join(' ')} END`
    const columns = (name: string): string => `${(['x', 'y', 'z'] as const).map((axis) => `${chosen(name, (joint) => coordinate(layout, joint, axis))} AS ${axis}_${name}`).join(', ')},
      ${chosen(name, (joint) => `"${joint}_confidence"`)} AS confidence_${name}, ${chosen(name, stateOf)} AS state_${name}`
    return `SELECT clip_id, frame, person, ${columns('a')}, ${columns('b')}, ${columns('c')}, ${literal(manifest.dataset)} AS dataset FROM ${table}
      WHERE ${['a', 'b', 'c'].map((name) => `${name} IN (${joints.map(literal).join(', ')})`).join(' AND ')} AND ${chosen('a', (joint) => `"${joint}_state"`)} IS NOT NULL`
  })
  const none = ['a', 'b', 'c'].map((name) => `x_${name} FLOAT, y_${name} FLOAT, z_${name} FLOAT, confidence_${name} FLOAT, state_${name} VARCHAR`).join(', ')
  return `CREATE MACRO joint_columns(a, b, c) AS TABLE ${selects.join(' UNION ALL ') || `FROM ${emptyTable(`clip_id VARCHAR, frame INTEGER, person INTEGER, ${none}, dataset VARCHAR`)}`}`
}

/** The long form of one clip, in one scan. */
function clipJoints(parts: readonly FramePart[]): string {
  const selects = parts.map(({ layout, table }) => {
    const list = (what: (joint: string) => string): string => `unnest([${layout.joints.map(what).join(', ')}])`
    const axes = (['x', 'y', 'z'] as const).map((axis) => `${list((joint) => coordinate(layout, joint, axis))} AS ${axis}`).join(', ')
    return `SELECT clip_id, frame, person, ${list(literal)} AS joint, ${axes}, ${list((joint) => `"${joint}_confidence"`)} AS confidence, ${list(stateOf)} AS state
      FROM ${table} WHERE clip_id = clip AND "${layout.joints[0]}_state" IS NOT NULL`
  })
  const none = 'clip_id VARCHAR, frame INTEGER, person INTEGER, joint VARCHAR, x FLOAT, y FLOAT, z FLOAT, confidence FLOAT, state VARCHAR'
  return `CREATE MACRO clip_joints(clip) AS TABLE ${selects.join(' UNION ALL ') || `FROM ${emptyTable(none)}`}`
}
