import { ToolkitError } from '../../../errors.ts'
import { withDuck } from '../../../store/duckdb.ts'
import { readLists } from '../../../store/read-lists.ts'
import type { RawFolder } from '../../raw-folder.ts'
import type { ExportedJoints, ExportedPlace } from './exported-clip.ts'

type Slot = { readonly key: string; readonly rows: readonly (readonly (Float32Array | null)[])[] }

/** The file read last: clips are asked for in the order in which they were written, or nearly. */
let latest: Slot | null = null

/** The joints of a row of an exported Parquet file. Throws E_EXPORT_CHANGED. */
export async function hfJoints(raw: RawFolder, { id, file, place }: ExportedPlace): Promise<ExportedJoints> {
  const stat = raw.stat(file)
  const key = JSON.stringify([raw.full(file), stat?.bytes, stat?.modified])
  if (latest?.key !== key) latest = { key, rows: await withDuck((duck) => readLists(duck, raw.full(file), columns)) }
  const [points, confidence] = latest.rows[Number(place)] ?? []
  if (points instanceof Float32Array && confidence instanceof Float32Array) return { points, confidence }
  throw new ToolkitError('E_EXPORT_CHANGED', `${file} has no joints in row ${place}, which is ${id}`)
}

const columns = [{ name: 'keypoints', depth: 4 }, { name: 'confidence', depth: 3 }]
