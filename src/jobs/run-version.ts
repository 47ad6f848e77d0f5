import { ToolkitError } from '../errors.ts'
import { findRoot, readManifest } from '../store/index.ts'
import type { RunRecord } from '../train/index.ts'

/** The commit of the version that a run was trained on. Throws E_VERSION_GONE when the store has it no more. */
export async function runVersion(storeDir: string, { run, dataset, root }: Pick<RunRecord, 'run' | 'dataset' | 'root'>): Promise<string> {
  const version = await findRoot(storeDir, dataset, root)
  if (version !== null) return version.commit
  const newest = await readManifest(storeDir, dataset)
  throw new ToolkitError('E_VERSION_GONE',
    `run ${run} was trained on root ${root.slice(0, 12)} of ${dataset}, the store "${storeDir}" holds ${newest.root.slice(0, 12)} and no version with the other`, {
    hint: 'name the store it was trained on with --store, or train again' })
}
