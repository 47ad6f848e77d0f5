import { join } from 'node:path'
import type { Hash } from '../hash.ts'
import { keptManifests, sweepCommits } from './commits.ts'
import { realDisk } from './disk.ts'
import { writeFailure } from './durable.ts'
import { lockFolder } from './lock.ts'
import { datasetFolder, type Manifest, readManifest, writeManifest } from './manifest.ts'
import { readReceipts } from './receipts.ts'
import { listSplits, readSplit } from './splits.ts'
import { allFiles, sweep } from './stored-files.ts'

/** Something outside the history that was made on a root: a run, by its name. */
export type Reference = { readonly name: string; readonly root: Hash }

/** What `collectGarbage` would let go of, and why it keeps the rest. */
export type Garbage = {
  readonly dataset: string
  readonly kept: readonly { readonly commit: Hash; readonly because: readonly string[] }[]
  /** Newest first. */
  readonly dropped: readonly { readonly commit: Hash; readonly clips: number }[]
  readonly files: number
  readonly bytes: number
}

/** Finds the versions that neither a tag, a split nor one of the references needs, and the files that no other version has. Changes nothing. */
export async function findGarbage(storeDir: string, dataset: string, references: readonly Reference[]): Promise<Garbage> {
  return planOf(storeDir, await readManifest(storeDir, dataset), references)
}

/** Lets go of what `findGarbage` finds. Throws E_STORE_BUSY, E_STORE_READ_ONLY. */
export async function collectGarbage(storeDir: string, dataset: string, references: readonly Reference[]): Promise<Garbage> {
  const folder = datasetFolder(storeDir, dataset)
  await readManifest(storeDir, dataset)
  const unlock = await lockFolder(folder).catch((error: unknown) => Promise.reject(writeFailure(error, storeDir)))
  try {
    const manifest = await readManifest(storeDir, dataset)
    const garbage = await planOf(storeDir, manifest, references)
    const kept = new Set(garbage.kept.map(({ commit }) => commit))
    const newest: Manifest = { ...manifest, history: manifest.history.filter((commit) => kept.has(commit)) }
    await writeManifest(storeDir, newest)
    const manifests = await keptManifests(folder, newest)
    const pending = [...(await readReceipts(folder, realDisk)).values()].flatMap(({ shard }) => shard?.files ?? [])
    await sweep(join(folder, 'shards'), new Set([...manifests.flatMap(allFiles), ...pending].map(({ file }) => file)), realDisk)
    await sweepCommits(folder, manifests)
    return garbage
  } catch (error) {
    throw writeFailure(error, storeDir)
  } finally {
    await unlock()
  }
}

async function planOf(storeDir: string, manifest: Manifest, references: readonly Reference[]): Promise<Garbage> {
  const versions = await keptManifests(datasetFolder(storeDir, manifest.dataset), manifest)
  const made = [...references, ...await splitReferences(storeDir, manifest.dataset)]
  const reasons = versions.map((version, at) => ({ version, because: [
    ...(at === 0 ? ['newest'] : []),
    ...Object.entries(manifest.tags).filter(([, commit]) => commit === version.commit).map(([tag]) => `tag ${tag}`),
    ...made.filter(({ root }) => root === version.root).map(({ name }) => name),
  ] }))
  const kept = reasons.filter(({ because }) => because.length > 0)
  const dropped = reasons.filter(({ because }) => because.length === 0).map(({ version }) => version)
  const needed = new Set(kept.flatMap(({ version }) => allFiles(version)).map(({ file }) => file))
  const freed = new Map(dropped.flatMap(allFiles).filter(({ file }) => !needed.has(file)).map((ref) => [ref.file, ref.bytes]))
  return {
    dataset: manifest.dataset, kept: kept.map(({ version, because }) => ({ commit: version.commit, because })),
    dropped: dropped.map(({ commit, counts }) => ({ commit, clips: counts.clips })), files: freed.size, bytes: [...freed.values()].reduce((sum, bytes) => sum + bytes, 0),
  }
}

async function splitReferences(storeDir: string, dataset: string): Promise<Reference[]> {
  const names = await listSplits(storeDir, dataset)
  return Promise.all(names.map(async (name) => ({ name: `split ${name}`, root: (await readSplit(storeDir, dataset, name)).root })))
}
