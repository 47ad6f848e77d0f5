import type { Hash } from '../hash.ts'

export const tableNames = ['clips', 'frames', 'phases', 'segments', 'sides', 'files', 'cameras', 'images', 'proxies', 'quarantine'] as const
/** The tables, and `pictures`: the image files themselves. */
export type TableName = (typeof tableNames)[number] | 'pictures'

/** How a value rests: UTF-8, a list of UTF-8, 32 and 64 bit integers, floats and doubles, truth. */
export type ColumnType = 'text' | 'texts' | 'integer' | 'long' | 'float' | 'double' | 'boolean'
export type Column = {
  readonly name: string
  readonly type: ColumnType
  /** A float that rests as a 16-bit integer: how many of these steps it is. */
  readonly step?: number | undefined
}

/** The columns that frames of one kind of clip have beside the common ones: clips of one skeleton, number of axes and set of signals share a table of frames. */
export type Layout = {
  /** `penn-13-2d`; `labels` for clips without joints. */
  readonly name: string
  readonly skeleton: string | null
  readonly joints: readonly string[]
  readonly dims: 2 | 3
  readonly signals: readonly string[]
  /** Coordinates are whole multiples of this, and rest as 16-bit integers; left out: they are floats as the raw files have them. */
  readonly step?: number | undefined
}

/** How coordinates rest: as the raw files have them, or rounded to whole steps. */
export type Precision = 'float32' | 'int16'

/** Steps are powers of two, so that every multiple is a float32: within 1/32 px up to 2,047 px, 1/8192 m up to 7.9 m, 1/64 cm up to 1,023 cm. */
export const STEPS = { px: 1 / 16, m: 1 / 4096, cm: 1 / 32 } as const

/** Version of the tables below and of the encoding that the logical hashes are taken of. */
export const SCHEMA_VERSION = 2

const axes = ['x', 'y', 'z'] as const

const fixed = {
  clips: columns('id text, film text, dataset text, group_id text, skeleton text, layout text, fps double, width integer, height integer, n_frames integer, persons integer, '
    + 'joints integer, dims integer, unit text, source text, action text, official_split text, view text, subject text, scene text, camera text, flags texts, '
    + 'has_keypoints boolean, has_boxes boolean, has_phases boolean, hash text'),
  phases: columns('clip_id text, phase integer, start integer, end integer, label text'),
  segments: columns('clip_id text, track text, segment integer, start integer, end integer, label text, number integer'),
  sides: columns('clip_id text, split text, side text'),
  files: columns('clip_id text, path text, bytes long, sha256 text, role text, frame integer, place text'),
  cameras: columns('clip_id text, fx double, fy double, cx double, cy double, width integer, height integer, k1 double, k2 double, p1 double, p2 double, k3 double, '
    + 'r11 double, r12 double, r13 double, r21 double, r22 double, r23 double, r31 double, r32 double, r33 double, tx double, ty double, tz double, unit text'),
  images: columns('film text, frame integer, path text, width integer, height integer, pts double, hash text, bytes long, embedded boolean, file text, offset long'),
  proxies: columns('film text, frames integer, file text, bytes long, sha256 text'),
  quarantine: columns('dataset text, source text, code text, message text, offset long, sha256 text, readmit text'),
} satisfies Partial<Record<TableName, readonly Column[]>>

const frameKeys = columns('clip_id text, frame integer, person integer, time float, box_x1 float, box_y1 float, box_x2 float, box_y2 float')

/** A table whose columns are the same for every data set. */
export type FixedTable = keyof typeof fixed

/** The columns of a table in the order they are written and hashed. */
export function columnsOf(table: FixedTable): readonly Column[] {
  return fixed[table]
}

/** The columns of frames that every layout has. */
export const frameColumns: readonly Column[] = frameKeys

/** `clip_id`, then the columns of 4 bytes. */
export function columnsOfFrames(layout: Layout): readonly Column[] {
  return [frameKeys[0]!, ...wordColumns(layout)]
}

/** `<joint>_x, <joint>_y(, <joint>_z), <joint>_confidence` as floats and `<joint>_state` as an integer, joint after joint; joints carry their anatomical names. */
export function jointColumns({ joints, dims, step }: Pick<Layout, 'joints' | 'dims' | 'step'>): readonly Column[] {
  return joints.flatMap((joint) => [
    ...axes.slice(0, dims).map((axis) => ({ name: `${joint}_${axis}`, type: 'float' as const, step })),
    { name: `${joint}_confidence`, type: 'float' as const },
    { name: `${joint}_state`, type: 'integer' as const },
  ])
}

/** The columns of 4 bytes: those of every layout, the joints', then the signals. */
export function wordColumns(layout: Layout): readonly Column[] {
  return [...frameKeys.slice(1), ...jointColumns(layout), ...layout.signals.map((name) => ({ name, type: 'float' as const }))]
}

/** DuckDB's name of a column type, for whoever has to make an empty table. */
export function sqlType(type: ColumnType): string {
  return { text: 'VARCHAR', texts: 'VARCHAR[]', integer: 'INTEGER', long: 'BIGINT', float: 'FLOAT', double: 'DOUBLE', boolean: 'BOOLEAN' }[type]
}

/** One file of the store: `file` is its name under `shards/`, `layout` that of its frames. */
export type FileRef = {
  readonly table: TableName
  readonly layout: string | null
  readonly file: string
  readonly rows: number
  readonly bytes: number
  readonly sha256: Hash
}

function columns(list: string): readonly Column[] {
  return list.split(', ').map((column) => {
    const [name, type] = column.split(' ')
    return { name: name!, type: type as ColumnType }
  })
}
