import type { Hash } from '../hash.ts'

export type TableName = 'clips' | 'frames' | 'phases' | 'files' | 'quarantine'

/** How a value rests: UTF-8, a list of UTF-8, 32 and 64 bit integers, floats and doubles, truth. */
export type ColumnType = 'text' | 'texts' | 'integer' | 'long' | 'float' | 'double' | 'boolean'
export type Column = { readonly name: string; readonly type: ColumnType }

/** What the joint columns are called and how many axes they have; the rest of the schema is the same for every data set. */
export type StoreSchema = { readonly skeleton: string; readonly joints: readonly string[]; readonly dims: 2 | 3 }

/** Version of the tables below and of the encoding that the logical hashes are taken of. */
export const SCHEMA_VERSION = 1

const axes = ['x', 'y', 'z'] as const

const clips = columns('id text, dataset text, group_id text, skeleton text, fps double, width integer, height integer, n_frames integer, persons integer, '
  + 'joints integer, dims integer, source text, action text, official_split text, view text, subject text, scene text, camera text, flags texts, '
  + 'has_keypoints boolean, has_boxes boolean, has_phases boolean, hash text')
const frameKeys = columns('clip_id text, frame integer, person integer, time float, box_x1 float, box_y1 float, box_x2 float, box_y2 float')
const phases = columns('clip_id text, phase integer, start integer, end integer, label text')
const files = columns('clip_id text, path text, bytes long, sha256 text')
const quarantine = columns('dataset text, source text, code text, message text, offset long, sha256 text')

/** The columns of a table in the order they are written and hashed; joints carry their anatomical names. */
export function columnsOf(table: TableName, schema: StoreSchema): readonly Column[] {
  switch (table) {
    case 'clips': return clips
    case 'frames': return [...frameKeys, ...jointColumns(schema), { name: 'frame_path', type: 'text' }]
    case 'phases': return phases
    case 'files': return files
    default: return quarantine
  }
}

/** `<joint>_x, <joint>_y(, <joint>_z), <joint>_confidence` as floats and `<joint>_state` as an integer, joint after joint. */
export function jointColumns(schema: StoreSchema): readonly Column[] {
  return schema.joints.flatMap((joint) => [
    ...axes.slice(0, schema.dims).map((axis) => ({ name: `${joint}_${axis}`, type: 'float' as const })),
    { name: `${joint}_confidence`, type: 'float' as const },
    { name: `${joint}_state`, type: 'integer' as const },
  ])
}

/** The number of frame columns of 4 bytes: all but `clip_id` before and `frame_path` after them. */
export function wordColumns(schema: StoreSchema): readonly Column[] {
  return [...frameKeys.slice(1), ...jointColumns(schema)]
}

/** DuckDB's name of a column type, for whoever has to make an empty table. */
export function sqlType(type: ColumnType): string {
  return { text: 'VARCHAR', texts: 'VARCHAR[]', integer: 'INTEGER', long: 'BIGINT', float: 'FLOAT', double: 'DOUBLE', boolean: 'BOOLEAN' }[type]
}

/** One Parquet file of the store: `file` is its name under `shards/`. */
export type FileRef = { readonly table: TableName; readonly file: string; readonly rows: number; readonly bytes: number; readonly sha256: Hash }

function columns(list: string): readonly Column[] {
  return list.split(', ').map((column) => {
    const [name, type] = column.split(' ')
    return { name: name!, type: type as ColumnType }
  })
}
