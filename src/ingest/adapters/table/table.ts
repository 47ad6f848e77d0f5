import type { SourceRef } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import type { Adapter, AdapterContext, FilmRead, PlanItem } from '../../adapter.ts'
import type { RawFolder } from '../../raw-folder.ts'
import { discoverTable, type TableFacts, tableLayout, type TablePart } from './table-discover.ts'
import { toPoses } from './table-poses.ts'
import { placeIn } from './table-row.ts'
import { clipTaker, type TableClip } from './table-rows.ts'
import { scanTable } from './table-scan.ts'
import { setAside } from './table-set-aside.ts'
import { poseSpace, settleClip, settleFields } from './table-settle.ts'
import { hashFile } from '../../large-file.ts'

/** A user's own poses in tables, CSV or Parquet, as the catalog's `layout` describes them: a row per clip, frame and joint, or per clip and frame. */
export const table: Adapter<TableFacts> = {
  filmsPerShard: 256,
  discover: discoverTable,
  read: readTableClip,
}

/** One clip: its rows out of every file that has some. What is wrong with one of them sets the clip aside. */
async function readTableClip(context: AdapterContext, { id, facts }: PlanItem<TableFacts>): Promise<FilmRead> {
  const { entry, raw } = context
  const [nothing, layout] = [{ images: null, proxy: null }, tableLayout(entry)]
  const into: TableClip = { samples: [], values: new Map(), dims: new Set(), arePersonsNamed: false }
  let reading = facts.parts[0]!
  try {
    for (const part of facts.parts) {
      reading = part
      const { path, spans } = part
      const suffix = facts.parts.length === 1 ? '' : ` of ${path}`
      const place = { path, suffix, layout, skeleton: entry.skeleton }
      await scanTable({ raw, path, spans }, (header) => clipTaker(place, header, spans === null ? null : facts.clip, into))
    }
    if (into.dims.size > 1) throw new ToolkitError('E_TABLE_COLUMN', `of the ${facts.parts.length} files of the clip some have a column z and some have none`)
    const fields = settleFields(entry, { id, facts, values: into.values, size: { width: null, height: null } })
    const dims = into.dims.has(3) ? 3 : 2
    const poses = toPoses(into.samples, poseSpace(entry, fields, { dims, arePersonsNamed: into.arePersonsNamed }))
    const { clip, quarantined } = settleClip(context, { id, facts }, { poses, fields, files: facts.parts.map((part) => sourceOfPart(raw, part)) })
    return { ...nothing, clips: [clip], quarantined }
  } catch (error) {
    return { ...nothing, clips: [], quarantined: [setAside(raw, error, { path: reading.path, part: reading.spans === null ? null : facts.clip })] }
  }
}

/** A file of one clip is its keypoints; one of many is a table about them, and a split may divide it. */
function sourceOfPart(raw: RawFolder, { path, spans }: TablePart): SourceRef {
  const place = spans === null ? null : placeIn(path, spans[0]!)
  return { ...hashFile(raw, path), role: spans === null ? 'keypoints' : 'annotations', frame: null, place }
}
