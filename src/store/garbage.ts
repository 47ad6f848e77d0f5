import { statSync } from 'node:fs'
import { join } from 'node:path'
import { ToolkitError } from '../errors.ts'
import { fewNames } from '../few-names.ts'
import type { Hash } from '../hash.ts'
import { keptManifests, lostCommits, replaceNewest, sweepCommits } from './commits.ts'
import { realDisk } from './disk.ts'
import { writeFailure } from './durable.ts'
import { lockFolder } from './lock.ts'
import { datasetFolder, type Manifest, readManifest } from './manifest.ts'
import { readReceipts } from './receipts.ts'
import { listSplits, readSplit } from './splits.ts'
import { allFiles, presentFiles, sweep } from './stored-files.ts'

/** Something outside the history that was made on a root: a run, by its name. */
export type Reference = { readonly name: string; readonly root: Hash }

/** What `collectGarbage` would let go of, and why it keeps the rest. */
export type Garbage = {
  readonly dataset: string
  readonly kept: readonly { readonly commit: Hash; readonly because: readonly string[] }[]
  /** Newest first. */
  readonly dropped: readonly { readonly commit: Hash; readonly clips: number }[]
  /** Versions whose own file is gone already, newest first; nothing leads to them. */
  readonly lost: readonly Hash[]
  /** Under `shards/`, that nothing needs after it. */
  readonly files: number
  readonly bytes: number
}

/**
 * Finds the versions that neither a tag, a split nor one of the references needs, and the files that no other version has. Changes nothing. Throws E_VERSION_GONE
 * where one of them leads to a version whose own file is gone, so that nobody can tell which files it needs.
 */
export async function findGarbage(storeDir: string, dataset: string, references: readonly Reference[]): Promise<Garbage> {
  return (await planOf(storeDir, await readManifest(storeDir, dataset), references)).garbage
}

/** Lets go of what `findGarbage` finds. Throws what it throws, E_STORE_BUSY, E_STORE_READ_ONLY. */
export async function collectGarbage(storeDir: string, dataset: string, references: readonly Reference[]): Promise<Garbage> {
  const folder = datasetFolder(storeDir, dataset)
  await readManifest(storeDir, dataset)
  const unlock = await lockFolder(folder).catch((error: unknown) => Promise.reject(writeFailure(error, storeDir)))
  try {
    const { garbage, kept, needed } = await planOf(storeDir, await readManifest(storeDir, dataset), references)
    await replaceNewest(storeDir, kept[0]!)
    await sweep(join(folder, 'shards'), needed, realDisk)
    await sweepCommits(folder, kept)
    return garbage
  } catch (error) {
    throw writeFailure(error, storeDir)
  } finally {
    await unlock()
  }
}

/** The versions that stay, the first as it will be, and the files that they and unfinished ingests need. */
type Plan = { readonly garbage: Garbage; readonly kept: readonly [Manifest, ...Manifest[]]; readonly needed: ReadonlySet<string> }

async function planOf(storeDir: string, manifest: Manifest, references: readonly Reference[]): Promise<Plan> {
  const folder = datasetFolder(storeDir, manifest.dataset)
  const versions = await keptManifests(folder, manifest)
  const lost = lostCommits(manifest, versions)
  const made = [...references, ...await splitReferences(storeDir, manifest.dataset)]
  if (lost.length > 0) checkNothingLeadsTo(lost, manifest, made.filter(({ root }) => versions.every((version) => version.root !== root)))
  const reasons = versions.map((version, at) => ({ version, because: [
    ...(at === 0 ? ['newest'] : []),
    ...Object.entries(manifest.tags).filter(([, commit]) => commit === version.commit).map(([tag]) => `tag ${tag}`),
    ...made.filter(({ root }) => root === version.root).map(({ name }) => name),
  ] }))
  const kept = reasons.filter(({ because }) => because.length > 0)
  const dropped = reasons.filter(({ because }) => because.length === 0).map(({ version }) => version)
  const pending = [...(await readReceipts(folder, realDisk)).values()].flatMap(({ shard }) => shard?.files ?? [])
  const needed = new Set([...kept.flatMap(({ version }) => allFiles(version)), ...pending].map(({ file }) => file))
  const freed = (await presentFiles(join(folder, 'shards'), realDisk)).filter((file) => !needed.has(file))
  const commits = new Set(kept.map(({ version }) => version.commit))
  return {
    garbage: {
      dataset: manifest.dataset, kept: kept.map(({ version, because }) => ({ commit: version.commit, because })),
      dropped: dropped.map(({ commit, counts }) => ({ commit, clips: counts.clips })), lost, files: freed.length,
      bytes: freed.reduce((sum, file) => sum + statSync(join(folder, 'shards', file)).size, 0),
    },
    kept: [{ ...manifest, history: manifest.history.filter((commit) => commits.has(commit)) }, ...kept.slice(1).map(({ version }) => version)], needed,
  }
}

/** `homeless` = references to roots that no version at hand has: they may be those of lost ones. */
function checkNothingLeadsTo(lost: readonly Hash[], { dataset, tags }: Manifest, homeless: readonly Reference[]): void {
  const tagged = Object.entries(tags).filter(([, commit]) => lost.includes(commit)).map(([tag]) => `tag ${tag}`)
  const leading = [...tagged, ...homeless.map(({ name }) => name)]
  if (leading.length === 0) return
  throw new ToolkitError('E_VERSION_GONE', `the files of versions of ${dataset} are gone (${lost.map((commit) => `commits/${commit}.json`).join(', ')}), and ${fewNames(leading)} may lead there`, {
    hint: 'bring them back from a backup; without one, first remove the tag, split or run' })
}

async function splitReferences(storeDir: string, dataset: string): Promise<Reference[]> {
  const names = await listSplits(storeDir, dataset)
  return Promise.all(names.map(async (name) => ({ name: `split ${name}`, root: (await readSplit(storeDir, dataset, name)).root })))
}
