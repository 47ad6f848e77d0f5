import type { TableLayout } from '../../../catalog-layout.ts'
import { ToolkitError, unknownName } from '../../../errors.ts'
import type { Skeleton } from '../../../skeleton.ts'
import { rowError, type TableRow } from './table-row.ts'

export const axes = ['x', 'y', 'z', 'confidence'] as const
export type Axis = (typeof axes)[number]

/** A joint and where in a row its numbers stand. */
export type JointCells = { readonly joint: number; readonly at: ReadonlyMap<Axis, number> }

/** The joints that a row is about. */
type RowJoints = { readonly dims: 2 | 3; readonly columns: readonly number[]; of(row: TableRow): readonly JointCells[] }

type Place = { readonly path: string; readonly layout: TableLayout; readonly skeleton: Skeleton }

/** A row per joint, which a column names. The joints it answers throw E_CLIP_JOINT for a name that the skeleton has not. */
export function longJoints({ path, skeleton }: Place, found: ReadonlyMap<string, number>): RowJoints {
  const joints = jointIndex(skeleton)
  const at = new Map(axes.flatMap((axis) => (found.has(axis) ? [[axis, found.get(axis)!] as const] : [])))
  return {
    dims: at.has('z') ? 3 : 2, columns: [...at.values()],
    of(row) {
      const name = row.cells[found.get('joint')!]!.trim()
      const joint = joints.get(name)
      if (joint !== undefined) return [{ joint, at }]
      const { message, hint } = unknownJoint(skeleton, name)
      throw rowError(path, row, { code: 'E_CLIP_JOINT', message, hint })
    },
  }
}

/** A row for all joints: each has columns of its own, called like `wide`. Throws E_CLIP_JOINT, E_TABLE_COLUMN. */
export function wideJoints({ layout, skeleton }: Place, header: readonly string[], wide: string): RowJoints {
  const joints = jointIndex(skeleton)
  const named = axes.map((axis) => [layout.columns[axis] === undefined ? axis : layout.columns[axis], axis] as const).filter(([name]) => name !== null)
  const regex = columnRegex(wide, named.map(([name]) => name!))
  const found = new Map<number, Map<Axis, number>>()
  for (const [column, name] of header.entries()) {
    const groups = regex.exec(name)?.groups
    if (groups === undefined) continue
    const joint = joints.get(groups['joint']!)
    if (joint === undefined) {
      const { message, hint } = unknownJoint(skeleton, groups['joint']!)
      throw new ToolkitError('E_CLIP_JOINT', `the column "${name}": ${message}`, hint === undefined ? {} : { hint })
    }
    const axis = named.find(([name]) => name === groups['axis'])![1]
    found.set(joint, (found.get(joint) ?? new Map<Axis, number>()).set(axis, column))
  }
  const cells = [...found].map(([joint, at]) => ({ joint, at }))
  if (cells.length === 0) throw new ToolkitError('E_TABLE_COLUMN', `no column is called like ${wide}`, { hint: `There are: ${header.join(', ')}` })
  const dims = cells.some(({ at }) => at.has('z')) ? 3 : 2
  const needed = new Set<Axis>(['x', 'y', ...(dims === 3 ? ['z' as const] : []), ...axes.filter((axis) => layout.missing[axis] !== undefined)])
  for (const { joint, at } of cells) {
    const lacking = [...needed].find((axis) => !at.has(axis))
    if (lacking === undefined) continue
    throw new ToolkitError('E_TABLE_COLUMN', `no column says the ${lacking} of ${skeleton.rawJoints[joint]}`, { hint: `There are: ${header.join(', ')}` })
  }
  return { dims, columns: cells.flatMap(({ at }) => [...at.values()]), of: () => cells }
}

/** How columns are called, as a regular expression with the groups `joint` and `axis`. */
function columnRegex(wide: string, names: readonly string[]): RegExp {
  const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  const parts = wide.split(/(\{joint\}|\{axis\})/).map((part) => {
    if (part === '{joint}') return '(?<joint>.+)'
    return part === '{axis}' ? `(?<axis>${names.map(escaped).join('|')})` : escaped(part)
  })
  return new RegExp(`^${parts.join('')}$`, 's')
}

/** Joints by the data set's own names, and by those anatomical ones that are no joint's own name. */
export function jointIndex({ joints, rawJoints }: Skeleton): ReadonlyMap<string, number> {
  return new Map([...joints, ...rawJoints].map((name, at) => [name, at % joints.length]))
}

/** Says which joints there are. */
export function unknownJoint({ name: skeleton, joints, rawJoints }: Skeleton, name: string): ToolkitError {
  return unknownName('E_CLIP_JOINT', `joint of ${skeleton}`, name, [...new Set([...rawJoints, ...joints])])
}
