import { ToolkitError } from '../errors.ts'
import { runQuery } from '../queries/index.ts'
import { listSplits, readSplit, type Removal, removeClips } from '../store/index.ts'

/** What was removed, and who else knows of it: splits that name such a clip, runs that keep embeddings of one. */
export type Removed = Removal & { readonly splits: readonly string[]; readonly runs: readonly string[] }

/**
 * Takes clips out of a data set: those named, those that `where` (a condition of SQL over the table of clips) is true of, or all. Throws E_NOTHING_TO_REMOVE
 * when nothing is, and what `removeClips` and `runQuery` throw.
 */
export async function removeJob({ storeDir, runsDir, catalogFiles, dataset, ids, where, purge }: {
  readonly storeDir: string; readonly runsDir: string; readonly catalogFiles: readonly string[]; readonly dataset: string
  readonly ids: readonly string[] | null; readonly where: string | null; readonly purge: boolean
}): Promise<Removed> {
  const place = { storeDir, runsDir, catalogFiles }
  const found = where === null ? [] : (await runQuery(place, `SELECT id FROM clips WHERE dataset = '${dataset.replaceAll("'", "''")}' AND (${where}\n) ORDER BY id`)).rows.map(([id]) => String(id))
  const named = ids === null ? null : [...ids, ...found]
  if (named !== null && named.length === 0) throw new ToolkitError('E_NOTHING_TO_REMOVE', `no clip of ${dataset} ${where === null ? 'is named' : `where ${where}`}`, { hint: 'name clips, --where a condition, or --all' })
  const removal = await removeClips({ storeDir, dataset, ids: named, purge })
  const gone = new Set(removal.removed)
  const splits = []
  for (const name of await listSplits(storeDir, dataset)) {
    const { sides } = await readSplit(storeDir, dataset, name)
    if (Object.values(sides).some((members) => members?.some((id) => gone.has(id)))) splits.push(name)
  }
  const embedded = await runQuery(place, 'SELECT DISTINCT run, clip_id FROM embeddings ORDER BY run, clip_id')
  return { ...removal, splits, runs: [...new Set(embedded.rows.filter(([, clip]) => gone.has(String(clip))).map(([run]) => String(run)))] }
}
