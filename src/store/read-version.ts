import { ToolkitError, unknownName } from '../errors.ts'
import type { Hash } from '../hash.ts'
import { findCommit, keptManifests } from './commits.ts'
import { datasetFolder, type Manifest, readManifest } from './manifest.ts'

const SHORTEST = 4

/**
 * The manifest of a version: a tag, the first digits of a commit (at least 4), `newest`, or `newest~3` for three commits earlier. Throws E_VERSION_UNKNOWN with
 * what there is, E_VERSION_GONE, E_VERSION_AMBIGUOUS, E_NOT_INGESTED, E_MANIFEST.
 */
export async function readVersion(storeDir: string, dataset: string, name = 'newest'): Promise<Manifest> {
  const newest = await readManifest(storeDir, dataset)
  const back = /^newest(?:~(?<steps>\d+))?$/.exec(name)
  const wanted = back === null ? commitOf(newest, name) : [newest.commit, ...newest.history][Number(back.groups?.['steps'] ?? 0)]
  const found = wanted === newest.commit ? newest : wanted === undefined ? null : await findCommit(datasetFolder(storeDir, dataset), wanted)
  if (found !== null) return found
  if (wanted !== undefined) {
    throw new ToolkitError('E_VERSION_GONE', `version "${name}" of ${dataset} (${wanted.slice(0, 12)}) is gone: commits/${wanted}.json is missing`, { hint: 'bring it back from a backup; its shards are kept until posetta gc' })
  }
  throw unknownName('E_VERSION_UNKNOWN', `version of ${dataset} named`, name, [...Object.keys(newest.tags).sort(), ...[newest.commit, ...newest.history].map((commit) => commit.slice(0, 12))])
}

/** Every version that can be read, newest first. */
export async function listVersions(storeDir: string, dataset: string): Promise<Manifest[]> {
  return keptManifests(datasetFolder(storeDir, dataset), await readManifest(storeDir, dataset))
}

function commitOf({ dataset, tags, commit, history }: Manifest, name: string): string | undefined {
  if (tags[name] !== undefined) return tags[name]
  const found = name.length < SHORTEST ? [] : [commit, ...history].filter((one) => one.startsWith(name))
  if (found.length < 2) return found[0]
  throw new ToolkitError('E_VERSION_AMBIGUOUS', `${found.length} commits of ${dataset} begin with "${name}"`, { hint: `give more digits: ${found.map((one) => one.slice(0, name.length + 8)).join(', ')}` })
}

/** The newest version that is kept and has this root, or null. */
export async function findRoot(storeDir: string, dataset: string, root: Hash): Promise<Manifest | null> {
  return (await listVersions(storeDir, dataset)).find((version) => version.root === root) ?? null
}
