import { ToolkitError } from '../errors.ts'
import { filmOf } from '../film.ts'
import { cacheFolder, purgeDataset } from '../loader/shards/index.ts'
import { runQuery } from '../queries/index.ts'
import { listSplits, listVersions, readSplit, type Removal, removeClips } from '../store/index.ts'

/** What was removed, and who else knows of it: splits that name such a clip, runs that keep embeddings of one; `unread` = those that cannot be read, and may. */
export type Removed = Removal & { readonly splits: readonly string[]; readonly runs: readonly string[]; readonly unread: readonly string[] }

type Place = { readonly storeDir: string; readonly runsDir: string; readonly catalogFiles: readonly string[] }

/**
 * Takes clips out of a data set: those named, those that `where` (a condition of SQL over the table of clips) is true of, or all; with `purge` also those that it is
 * true of in an earlier version, and the data set's training shards go. Throws E_NOTHING_TO_REMOVE when nothing is, and what `removeClips` and `runQuery` throw.
 */
export async function removeJob({ dataset, ids, where, purge, ...place }: Place & {
  readonly dataset: string; readonly ids: readonly string[] | null; readonly where: string | null; readonly purge: boolean
}): Promise<Removed> {
  const named = ids === null ? null : [...ids, ...await clipsWhere(place, dataset, where, purge)]
  if (named !== null && named.length === 0) throw new ToolkitError('E_NOTHING_TO_REMOVE', `no clip of ${dataset} ${where === null ? 'is named' : `where ${where}`}`, { hint: 'name clips, --where a condition, or --all' })
  const wanted = new Set(named)
  const isGone = (clip: string): boolean => (named === null ? clip.startsWith(`${dataset}/`) : wanted.has(clip) || wanted.has(filmOf(clip)))
  // looked at first: whatever is wrong with a split or a run, the removal is told of in full
  const splits = await splitsWith(place.storeDir, dataset, isGone)
  const runs = await runsWith(place, isGone)
  const removal = await removeClips({ storeDir: place.storeDir, dataset, ids: named, purge })
  if (purge) await purgeDataset(cacheFolder(place.storeDir), dataset)
  return { ...removal, splits: splits.names, runs: runs.names, unread: [...splits.unread, ...runs.unread] }
}

async function clipsWhere(place: Place, dataset: string, where: string | null, purge: boolean): Promise<string[]> {
  if (where === null) return []
  const versions = purge ? (await listVersions(place.storeDir, dataset)).map(({ commit }) => [`${dataset}@${commit}`]) : [[]]
  const found = new Set<string>()
  for (const at of versions) {
    const { rows } = await runQuery({ ...place, at }, `SELECT id FROM clips WHERE dataset = '${dataset.replaceAll("'", "''")}' AND (${where}\n) ORDER BY id`)
    for (const [id] of rows) found.add(String(id))
  }
  return [...found].sort()
}

type Holders = { readonly names: readonly string[]; readonly unread: readonly string[] }

async function splitsWith(storeDir: string, dataset: string, isGone: (clip: string) => boolean): Promise<Holders> {
  const [names, unread]: [string[], string[]] = [[], []]
  for (const name of await listSplits(storeDir, dataset)) {
    const split = await orUnread(readSplit(storeDir, dataset, name))
    if (split === null) unread.push(`split ${name}`)
    else if (Object.values(split.sides).some((members) => members?.some(isGone))) names.push(name)
  }
  return { names, unread }
}

async function runsWith(place: Place, isGone: (clip: string) => boolean): Promise<Holders> {
  const embedded = await orUnread(runQuery(place, 'SELECT DISTINCT run, clip_id FROM embeddings ORDER BY run, clip_id'))
  if (embedded === null) return { names: [], unread: [`runs in "${place.runsDir}"`] }
  return { names: [...new Set(embedded.rows.filter(([, clip]) => isGone(String(clip))).map(([run]) => String(run)))], unread: [] }
}

/** null for what is damaged. */
function orUnread<T>(reading: Promise<T>): Promise<T | null> {
  return reading.catch((error: unknown) => error instanceof ToolkitError ? null : Promise.reject(error))
}
