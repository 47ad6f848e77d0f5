import { type DatasetEntry, entryOf, readCatalog } from '../catalog.ts'
import { unknownName } from '../errors.ts'
import { runQuery } from '../queries/index.ts'
import type { Side, Split } from '../split.ts'
import { type Manifest, readSplit, readVersion } from '../store/index.ts'
import type { LoaderRequest } from './loader-request.ts'
import { membersIn, refuseLacking } from './split-members.ts'

/** A clip as the table of clips has it, none of it read. */
export type ClipRow = { readonly id: string; readonly group: string; readonly action: string | null; readonly frames: number }

/** What a split offers to be trained on. */
export type TrainableClips = {
  readonly entry: DatasetEntry
  readonly manifest: Manifest
  readonly split: Split
  /** The clips of a side, of the action asked for or of all, in order of id; `leftOut` counts those that cannot be trained on. */
  side(name: Side): { readonly clips: readonly ClipRow[]; readonly leftOut: number }
}

/**
 * What of a split can be trained on: clips with joints of the data set's first skeleton, in so many dimensions, and none of the flags that the catalog leaves out. The table is asked: a store
 * a hundred times as large is not read for it. Throws E_ACTION_UNKNOWN, and what store, catalog and, for clips of `sides`, `refuseLacking` throw.
 */
export async function trainableClips(
  { storeDir, runsDir, dataset, split: name, version, action, catalogFiles = [] }: Pick<LoaderRequest, 'storeDir' | 'runsDir' | 'split' | 'version' | 'action' | 'catalogFiles'> & { dataset: string },
  { dims, sides }: { dims: 2 | 3; sides: readonly Side[] },
): Promise<TrainableClips> {
  const entry = entryOf(await readCatalog(catalogFiles), dataset)
  const manifest = await readVersion(storeDir, dataset, version)
  const split = await readSplit(storeDir, dataset, name)
  const { sides: members, lacking } = await membersIn(storeDir, manifest, split)
  await refuseLacking(lacking.filter(({ side }) => sides.includes(side)), { storeDir, manifest, split, entry, action })
  const rows = await rowsOf({ storeDir, runsDir, manifest, entry, action, dims })
  if (action !== null && rows.size === 0 && !entry.actions.includes(action)) throw unknownName('E_ACTION_UNKNOWN', `action in ${dataset}`, action, entry.actions)
  return {
    entry, manifest, split,
    side: (side) => {
      const found = (members[side] ?? []).flatMap((id) => rows.get(id) ?? [])
      const fitting = found.filter(({ fits }) => fits)
      return { clips: fitting.map(({ clip }) => clip), leftOut: found.length - fitting.length }
    },
  }
}

/** Every clip of a version that is of the action, by id, and whether it can be trained on. */
async function rowsOf({ storeDir, runsDir, manifest: { dataset, commit }, entry, action, dims }: {
  storeDir: string; runsDir: string; manifest: Manifest; entry: DatasetEntry; action: string | null; dims: 2 | 3
}): Promise<Map<string, { readonly clip: ClipRow; readonly fits: boolean }>> {
  const without = entry.trainable.withoutFlags.map((flag) => ` AND NOT list_contains(flags, ${quoted(flag)})`).join('')
  const ofAction = action === null ? '' : ` AND action = ${quoted(action)}`
  const { rows } = await runQuery({ storeDir, runsDir, at: [`${dataset}@${commit}`] },
    `SELECT id, group_id, action, n_frames, coalesce(skeleton = ${quoted(entry.skeleton.name)}, false) AND dims = ${dims} AND has_keypoints${without} AS fits
     FROM clips WHERE dataset = ${quoted(dataset)}${ofAction} ORDER BY id`)
  return new Map(rows.map(([id, group, action, frames, fits]) =>
    [String(id), { clip: { id: String(id), group: String(group), action: action === null ? null : String(action), frames: Number(frames) }, fits: fits === true }]))
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
