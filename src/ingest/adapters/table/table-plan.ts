import type { DatasetEntry } from '../../../catalog.ts'
import { nearestName, ToolkitError } from '../../../errors.ts'
import type { Plan, PlanItem } from '../../adapter.ts'
import { quarantinedBy, type RawFolder } from '../../raw-folder.ts'
import { type ClipRows, type LabelRow, readLabelTable, readSegmentTable, type SegmentRow } from './table-labels.ts'

/** What is known of a clip of a user's own beside its poses. */
export type OwnFacts = {
  /** The name that files and tables give it. */
  readonly clip: string
  /** What paths say about it. */
  readonly named: readonly { readonly key: string; readonly value: string; readonly path: string }[]
  /** Its rows in the table of labels, and in that of segments. */
  readonly labels: readonly LabelRow[]
  readonly segments: readonly SegmentRow[]
}

type Found<Facts> = Pick<Plan, 'quarantined' | 'ignored'> & { readonly items: readonly Omit<PlanItem<Facts>, 'id'>[] }

type Place = { readonly entry: DatasetEntry; readonly raw: RawFolder }

/** The plan for clips that were found, each with its rows of the tables of labels and segments. Throws ToolkitError when one of those cannot be read. */
export async function ownPlan<Facts extends OwnFacts>({ entry, raw }: Place, found: Found<Facts>): Promise<Plan<Facts>> {
  const named = found.items.filter(({ facts: { clip } }) => nameProblem(clip) === null)
  const nameless = found.items.flatMap(({ path, facts: { clip } }) => {
    const problem = nameProblem(clip)
    return problem === null ? [] : [quarantinedBy(problem, `${path}#${clip}`)]
  })
  const [labels, segments] = [await readLabelTable(raw, entry), await readSegmentTable(raw, entry)]
  const clips = new Set(named.map(({ facts: { clip } }) => clip))
  for (const table of [labels, segments]) if (table !== null) checkClips(table, clips)
  const items = named.map(({ path, inputs, facts }) => ({
    id: `${entry.name}/${facts.clip}`, path, inputs: [...inputs, ...[labels, segments].flatMap((table) => (table === null ? [] : [table.path]))],
    facts: { ...facts, labels: labels?.rows.get(facts.clip) ?? [], segments: segments?.rows.get(facts.clip) ?? [] },
  }))
  const tables = [labels, segments].filter((table) => table !== null)
  return {
    items: items.sort((a, b) => (a.id < b.id ? -1 : 1)), hasFrames: false,
    // whoever describes a data set of their own has all of it; counts in the catalog are there to be held against it
    complete: true,
    missing: tables.flatMap((table) => unposed(table, clips)),
    ignored: found.ignored.filter((path) => !tables.some((table) => table.path === path)).sort(),
    quarantined: [...found.quarantined, ...nameless, ...tables.flatMap((table) => table.quarantined)],
  }
}

/** `#` parts a clip from its source in ids. */
function nameProblem(clip: string): ToolkitError | null {
  // oxlint-disable-next-line no-control-regex -- that is what is looked for
  if (!/[#\u0000-\u001f]/.test(clip)) return null
  return new ToolkitError('E_TABLE_CLIP', `the name of the clip, ${JSON.stringify(clip)}, has a # or a control character in it`, { hint: 'call it otherwise' })
}

/** A table in which no row is about any clip names clips otherwise. */
function checkClips({ path, rows }: ClipRows<unknown>, clips: ReadonlySet<string>): void {
  const names = [...rows.keys()]
  if (names.length === 0 || names.some((name) => clips.has(name))) return
  throw new ToolkitError('E_TABLE_CLIP', `${path} names no clip that has poses: not one of ${names.length}`, {
    hint: `it names "${names[0]}"; clips with poses are called like "${nearestName(names[0]!, [...clips]) ?? [...clips][0]}"` })
}

function unposed({ path, rows }: ClipRows<unknown>, clips: ReadonlySet<string>): string[] {
  const missing = [...rows.keys()].filter((name) => !clips.has(name))
  return missing.length === 0 ? [] : [`poses of ${missing.length} clips that ${path} names, such as "${missing[0]}"`]
}
