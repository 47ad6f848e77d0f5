import { basename, join } from 'node:path'
import type { Hash } from '../hash.ts'
import { type Disk, realDisk } from './disk.ts'
import { makeFolder, replaceFile } from './durable.ts'
import { datasetFolder, type Manifest, parseManifest, writeManifest } from './manifest.ts'
import { sealJson } from './sealed-json.ts'
import { sweep } from './stored-files.ts'

const commitsFolder = (folder: string): string => join(folder, 'commits')
const fileOf = (folder: string, commit: Hash): string => join(commitsFolder(folder), `${commit}.json`)

/** Keeps a manifest under the name of its commit, so that later ones can lead back to it. */
export async function writeCommit(folder: string, manifest: Manifest, disk: Disk = realDisk): Promise<void> {
  await makeFolder(commitsFolder(folder), disk)
  await replaceFile(fileOf(folder, manifest.commit), sealJson(manifest), disk)
}

/** Puts in place of the newest manifest one of the same commit, with other names, history or list of what was taken out. */
export async function replaceNewest(storeDir: string, manifest: Manifest): Promise<void> {
  await writeCommit(datasetFolder(storeDir, manifest.dataset), manifest)
  await writeManifest(storeDir, manifest)
}

/** The manifest of a commit, or null when it was never kept here or dropped since. Throws E_MANIFEST when it is damaged. */
export async function findCommit(folder: string, commit: Hash, disk: Disk = realDisk): Promise<Manifest | null> {
  const file = fileOf(folder, commit)
  const text = await disk.readFile(file).catch((error: NodeJS.ErrnoException) => error.code === 'ENOENT' ? null : Promise.reject(error))
  const hint = `bring "${file}" back from a backup; if there is none, remove it: that version is lost, the others are not, and posetta gc lets go of what only it has`
  return text === null ? null : parseManifest(text.toString('utf8'), file, { dataset: basename(folder), commit, hint })
}

/** Every manifest of a data set that can be read again, newest first; those whose file is gone are left out. Throws E_MANIFEST when one is damaged. */
export async function keptManifests(folder: string, head: Manifest, disk: Disk = realDisk): Promise<Manifest[]> {
  const older = await Promise.all(head.history.map((commit) => findCommit(folder, commit, disk)))
  return [head, ...older.filter((manifest) => manifest !== null)]
}

/** Commits that a manifest leads back to and whose files are gone: which shards were theirs nobody can tell. */
export function lostCommits({ history }: Manifest, kept: readonly Manifest[]): Hash[] {
  return history.filter((commit) => !kept.some((manifest) => manifest.commit === commit))
}

/** The commit that no other one leads back to, for who finds the manifest damaged; null = none can be read. */
export async function newestCommit(folder: string): Promise<Manifest | null> {
  const names = await realDisk.readdir(commitsFolder(folder)).catch(() => [])
  const read = names.filter((name) => name.endsWith('.json')).map((name) => findCommit(folder, name.slice(0, -'.json'.length)).catch(() => null))
  const commits = (await Promise.all(read)).filter((manifest) => manifest !== null)
  const old = new Set(commits.flatMap(({ history }) => history))
  return commits.filter(({ commit }) => !old.has(commit)).toSorted((a, b) => b.history.length - a.history.length)[0] ?? null
}

/** Removes what no kept manifest leads to: commits that were killed before their manifest, or dropped. */
export async function sweepCommits(folder: string, kept: readonly Manifest[], disk: Disk = realDisk): Promise<void> {
  await sweep(commitsFolder(folder), new Set(kept.map(({ commit }) => `${commit}.json`)), disk)
}
