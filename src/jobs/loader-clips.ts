import { type DatasetEntry, entryOf, readCatalog } from '../catalog.ts'
import { ToolkitError, unknownName } from '../errors.ts'
import { runQuery } from '../queries/index.ts'
import type { Split } from '../split.ts'
import { type Manifest, readSplit, readVersion } from '../store/index.ts'
import type { LoaderRequest } from './loader-request.ts'
import { membersIn, refuseLacking } from './split-members.ts'

/** Which clips a loader hands out: those of a side that can be trained on. */
export type LoaderClips = { readonly entry: DatasetEntry; readonly manifest: Manifest; readonly split: Split; readonly ids: readonly string[]; readonly leftOut: number }

/**
 * The clips of a side, of one action or of all, that have joints of the data set's first skeleton in so many dimensions and none of the flags that the catalog leaves out.
 * Throws E_ACTION_UNKNOWN, E_LOADER_EMPTY, and what store, catalog and `refuseLacking` throw.
 */
export async function loaderClips(dataset: string, { storeDir, runsDir, split: name, side, version, action, catalogFiles = [] }: LoaderRequest, dims: 2 | 3): Promise<LoaderClips> {
  const entry = entryOf(await readCatalog(catalogFiles), dataset)
  const manifest = await readVersion(storeDir, dataset, version)
  const split = await readSplit(storeDir, dataset, name)
  const { sides, lacking } = await membersIn(storeDir, manifest, split)
  await refuseLacking(lacking.filter((clip) => clip.side === side), { storeDir, manifest, split, entry, action })
  const members = sides[side] ?? []
  if (action !== null && !entry.actions.includes(action)) throw unknownName('E_ACTION_UNKNOWN', `action in ${dataset}`, action, entry.actions)
  const fitting = new Set(await fittingClips({ storeDir, runsDir, manifest, entry, action, dims }))
  const ids = members.filter((id) => fitting.has(id))
  if (ids.length > 0) return { entry, manifest, split, ids, leftOut: members.length - ids.length }
  throw new ToolkitError('E_LOADER_EMPTY', `the ${side} side of split "${name}" of ${dataset} has no clip${action === null ? '' : ` of ${action}`} with ${dims}D joints of ${entry.skeleton.name}`, {
    hint: `choose another --side, --action or --split${members.length === 0 ? '' : `; its ${members.length} clips are of other joints or actions, or left out: ${entry.trainable.because}`}` })
}

/** What `isTrainable` says of a clip that is read, asked of the table: a store a hundred times as large is not read for it. */
async function fittingClips({ storeDir, runsDir, manifest: { dataset, commit }, entry, action, dims }: {
  storeDir: string; runsDir: string; manifest: Manifest; entry: DatasetEntry; action: string | null; dims: 2 | 3
}): Promise<string[]> {
  const without = entry.trainable.withoutFlags.map((flag) => ` AND NOT list_contains(flags, ${quoted(flag)})`).join('')
  const ofAction = action === null ? '' : ` AND action = ${quoted(action)}`
  const { rows } = await runQuery({ storeDir, runsDir, at: [`${dataset}@${commit}`] },
    `SELECT id FROM clips WHERE dataset = ${quoted(dataset)} AND skeleton = ${quoted(entry.skeleton.name)} AND dims = ${dims} AND has_keypoints${without}${ofAction} ORDER BY id`)
  return rows.map(([id]) => String(id))
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
