import { ToolkitError, unknownName } from '../errors.ts'
import type { Hash } from '../hash.ts'
import { replaceNewest } from './commits.ts'
import { writeFailure } from './durable.ts'
import { lockFolder } from './lock.ts'
import { checkName, datasetFolder, type Manifest, readManifest } from './manifest.ts'
import { readVersion } from './read-version.ts'

/** Gives a version a name, for good: the same again changes nothing, another one under that name is E_TAG_EXISTS. Answers the commit. */
export async function tagVersion(storeDir: string, dataset: string, name: string, version?: string): Promise<Hash> {
  if (/^(?:newest|[0-9a-f]{4,})$/.test(checkName(name))) throw new ToolkitError('E_TAG_NAME', `"${name}" would be read as a commit`, { hint: 'choose a name that is not "newest" nor digits and a to f alone' })
  const { commit } = await readVersion(storeDir, dataset, version)
  await changeTags(storeDir, dataset, (tags) => {
    const known = tags[name]
    if (known !== undefined && known !== commit) {
      throw new ToolkitError('E_TAG_EXISTS', `tag "${name}" of ${dataset} names ${known.slice(0, 12)}`, { hint: `choose another name, or let go of it: posetta tag ${dataset} ${name} --remove` })
    }
    return { ...tags, [name]: commit }
  })
  return commit
}

/** Lets go of a tag; the version stays until `gc`. Answers the commit it named. Throws E_TAG_UNKNOWN. */
export async function removeTag(storeDir: string, dataset: string, name: string): Promise<Hash> {
  let commit = ''
  await changeTags(storeDir, dataset, (tags) => {
    commit = tags[name] ?? ''
    if (commit === '') throw unknownName('E_TAG_UNKNOWN', `tag of ${dataset} named`, name, Object.keys(tags).sort())
    return Object.fromEntries(Object.entries(tags).filter(([tag]) => tag !== name))
  })
  return commit
}

async function changeTags(storeDir: string, dataset: string, change: (tags: Manifest['tags']) => Manifest['tags']): Promise<void> {
  await readManifest(storeDir, dataset)
  const unlock = await lockFolder(datasetFolder(storeDir, dataset)).catch((error: unknown) => Promise.reject(writeFailure(error, storeDir)))
  try {
    const manifest = await readManifest(storeDir, dataset)
    const tags = change(manifest.tags)
    const sorted = Object.fromEntries(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1)))
    await replaceNewest(storeDir, { ...manifest, tags: sorted }).catch((error: unknown) => Promise.reject(writeFailure(error, storeDir)))
  } finally {
    await unlock()
  }
}
