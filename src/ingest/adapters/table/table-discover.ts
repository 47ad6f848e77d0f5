import type { TableLayout } from '../../../catalog-layout.ts'
import type { DatasetEntry } from '../../../catalog.ts'
import type { Quarantined } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import type { AdapterContext, Plan, PlanItem } from '../../adapter.ts'
import type { RawFolder } from '../../raw-folder.ts'
import { findColumn } from './table-columns.ts'
import { findNamedFiles, type NamedFile } from './table-files.ts'
import { ownPlan, type OwnFacts } from './table-plan.ts'
import { placeIn, type TableSpan } from './table-row.ts'
import { scanTable, TABLES } from './table-scan.ts'
import { setAside } from './table-set-aside.ts'

/** A file that holds rows of a clip; `spans` = where, null = it holds no other's. */
export type TablePart = { readonly path: string; readonly spans: readonly TableSpan[] | null }
/** What is known of a clip before its rows are read. */
export type TableFacts = OwnFacts & { readonly parts: readonly TablePart[] }

/** The catalog's layout of an entry of this adapter. Throws E_CATALOG_LAYOUT. */
export function tableLayout({ name, layout }: DatasetEntry): TableLayout {
  if (layout?.kind === 'table') return layout
  const has = layout === null ? 'no layout' : `a layout of kind ${layout.kind}`
  throw new ToolkitError('E_CATALOG_LAYOUT', `data set "${name}" has the adapter table, and ${has}`, {
    hint: 'layout: { kind: table, files: poses/*.csv } (docs/own-data.md)' })
}

/** Which clips there are and where their rows lie: by the names of files, or, where a column says the clip, by reading that column. */
export async function discoverTable({ entry, raw }: Omit<AdapterContext, 'scratch'>): Promise<Plan<TableFacts>> {
  const { files: pattern, columns } = tableLayout(entry)
  const { files, ignored } = findNamedFiles(raw, pattern)
  const others = new Set([entry.layout!.labels?.file, entry.layout!.segments?.file])
  const isTable = ({ path }: NamedFile): boolean => TABLES.test(path) && !others.has(path)
  const tables = files.filter(isTable)
  if (tables.length === 0) {
    throw new ToolkitError('E_RAW_EMPTY', `no table matches ${pattern} in ${raw.dir}`, {
      hint: 'layout.files is relative to RAW_DIR; tables end in .csv, .tsv, .txt or .parquet' })
  }
  const clips = new Map<string, { parts: TablePart[]; named: OwnFacts['named'][number][] }>()
  const quarantined: Quarantined[] = []
  for (const file of tables) {
    const found = file.clip === null ? await findClips(raw, file, columns.clip === undefined ? 'clip' : columns.clip) : null
    quarantined.push(...found?.quarantined ?? [])
    for (const [clip, spans] of found?.spans ?? [[file.clip!, null]]) {
      const known = clips.get(clip) ?? { parts: [], named: [] }
      clips.set(clip, known)
      known.parts.push({ path: file.path, spans })
      known.named.push(...file.values.map(([key, value]) => ({ key, value, path: file.path })))
    }
  }
  if (clips.size === 0) throw noClips(raw, quarantined[0])
  const items = [...clips].map(([clip, { parts, named }]): Omit<PlanItem<TableFacts>, 'id'> => ({
    path: parts[0]!.path, inputs: parts.map(({ path }) => path), facts: { clip, parts, named, labels: [], segments: [] } }))
  const unread = files.filter((file) => !isTable(file)).map(({ path }) => path)
  return ownPlan({ entry, raw }, { items, quarantined, ignored: [...ignored, ...unread] })
}

function noClips({ dir }: RawFolder, first: Quarantined | undefined): ToolkitError {
  if (first === undefined) return new ToolkitError('E_RAW_EMPTY', `the tables in ${dir} have headers and no rows`)
  return new ToolkitError(first.code, `${first.source}: ${first.message}`, { hint: first.readmit })
}

/** Rows of one clip that lie further apart than this, in bytes or rows, are read one by one. */
const NEAR = 4096

type FoundClips = { readonly spans: ReadonlyMap<string, readonly TableSpan[]>; readonly quarantined: readonly Quarantined[] }

/** Reads the column of the clip, top to bottom. A file that is no table is set aside, and rows that name no clip. */
async function findClips(raw: RawFolder, { path }: NamedFile, name: string | null): Promise<FoundClips> {
  const spans = new Map<string, { start: number; end: number; number: number }[]>()
  const nameless: string[] = []
  try {
    await scanTable({ raw, path }, (header) => {
      const column = clipColumn(header, name)
      return {
        columns: [column],
        take(row) {
          const clip = row.cells[column]?.trim() ?? ''
          const last = spans.get(clip)?.at(-1)
          if (clip === '') nameless.push(placeIn(path, row))
          else if (last === undefined) spans.set(clip, [{ start: row.start, end: row.end, number: row.number }])
          else if (row.start - last.end <= NEAR) last.end = row.end
          else spans.get(clip)!.push({ start: row.start, end: row.end, number: row.number })
        },
      }
    })
  } catch (error) {
    return { spans: new Map(), quarantined: [setAside(raw, error, { path, part: null })] }
  }
  if (nameless.length === 0) return { spans, quarantined: [] }
  const error = new ToolkitError('E_TABLE_CLIP', `${nameless.length} rows name no clip`)
  return { spans, quarantined: [setAside(raw, error, { path, part: nameless[0]! })] }
}

function clipColumn(header: readonly string[], name: string | null): number {
  if (name !== null && (name !== 'clip' || header.includes(name))) return findColumn(header, name)
  throw new ToolkitError('E_TABLE_COLUMN', 'no column says the clip', {
    hint: `name it in the catalog, layout.columns.clip, or let the path say it: layout.files: poses/{clip}.csv. There are: ${header.join(', ')}` })
}
