import { ToolkitError } from '../errors.ts'
import type { Hash } from '../hash.ts'
import { newestCommit } from './commits.ts'
import { listFolders } from './condition.ts'
import { withDuck } from './duckdb.ts'
import { datasetFolder, type Manifest, readManifest, type ShardRef } from './manifest.ts'
import type { Problem } from './problem.ts'
import { checkHistory, checkReceipts, checkSplits, extraFiles } from './verify-beside.ts'
import { checkClips } from './verify-clips.ts'
import { checkFiles } from './verify-files.ts'

export type Verified = { readonly checked: number; readonly bytes: number; readonly problems: readonly Problem[]; readonly root: Hash | null }

/** Names of the data sets of a store, and of what is left of one: commits beside a manifest that is gone. Sorted. */
export function listVerifiable(storeDir: string): Promise<string[]> {
  return listFolders(storeDir, ['manifest.json', 'commits'])
}

/**
 * Checks a data set against its manifest and all versions it leads back to: every file there, of the right sha256, and none more; every
 * split and receipt as it was written. `deep` also reads every clip back, hashes its values and says which clips differ. A manifest that
 * is damaged or gone is a problem too (root null): the newest version kept beside it takes its place. A data set that was never there
 * throws E_NOT_INGESTED.
 */
export async function verify(storeDir: string, dataset: string, { deep = false } = {}): Promise<Verified> {
  const folder = datasetFolder(storeDir, dataset)
  const found = await readManifest(storeDir, dataset).catch((error: unknown) => {
    if (error instanceof ToolkitError && ['E_MANIFEST', 'E_MANIFEST_LOST', 'E_NOT_INGESTED'].includes(error.code)) return error
    throw error
  })
  if (!(found instanceof ToolkitError)) return checkDataset(storeDir, found, deep)
  const kept = await newestCommit(folder)
  if (kept === null && found.code === 'E_NOT_INGESTED') throw found
  const what = found.code === 'E_MANIFEST' ? found : { code: 'E_FILE_MISSING', message: 'the data set has lost its manifest' }
  const instead = kept === null ? '' : `; what it said, but for tags, is in commits/${kept.commit}.json`
  const problem = { file: 'manifest.json', code: what.code, message: `${what.message}${instead}` }
  if (kept === null) return { checked: 1, bytes: 0, problems: [problem], root: null }
  const rest = await checkDataset(storeDir, kept, deep)
  return { ...rest, problems: [problem, ...rest.problems], root: null }
}

async function checkDataset(storeDir: string, manifest: Manifest, deep: boolean): Promise<Verified> {
  const folder = datasetFolder(storeDir, manifest.dataset)
  const history = await checkHistory(folder, manifest)
  const files = await checkFiles(folder, history.kept)
  const receipts = await checkReceipts(folder)
  const splits = await checkSplits(storeDir, manifest.dataset)
  const broken = new Set(files.problems.map(({ file }) => file))
  const isIntact = (shard: ShardRef): boolean => shard.files.every(({ file }) => !broken.has(`shards/${file}`))
  const problems = [
    ...history.problems, ...files.problems, ...receipts.problems,
    ...await extraFiles(folder, history.kept, { receipts: receipts.receipts, isWhole: history.problems.length === 0 }),
    ...splits.problems,
    ...(deep ? await withDuck((duck) => checkClips(duck, folder, history.kept, isIntact)) : []),
  ]
  const checked = 1 + history.kept.length + files.checked.length + receipts.receipts.size + splits.checked
  return { checked, bytes: files.checked.reduce((sum, { bytes }) => sum + bytes, 0), problems, root: manifest.root }
}
