import { existsSync, statSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ToolkitError } from '../errors.ts'
import type { Hash } from '../hash.ts'
import { newestCommit } from './commits.ts'
import { listWriters, type Writer } from './lock.ts'
import { findManifest, type Manifest } from './manifest.ts'
import { isSealed } from './sealed-json.ts'
import { ourFile } from './shards.ts'
import { allFiles } from './stored-files.ts'
import { damagedSplits } from './trusted-splits.ts'

/** What a glance at a data set tells, by names and sizes: nothing is hashed but splits. */
export type Condition = {
  readonly dataset: string
  /** null = there is none, or it cannot be read (`failure`). */
  readonly manifest: Manifest | null
  readonly failure: ToolkitError | null
  /** The newest commit, where the manifest is none: it says the same, but for tags. */
  readonly spare: Hash | null
  /** Of the newest version: files that are not there, or not of the size they were written with. */
  readonly missing: readonly string[]
  readonly resized: readonly string[]
  /** Files that a writer put under `shards/` and no version names. */
  readonly unnamed: readonly string[]
  /** Versions that the manifest leads back to and that are not kept any more. */
  readonly lost: readonly Hash[]
  /** Versions whose own file is not as it was written. */
  readonly damaged: readonly Hash[]
  readonly writers: readonly Writer[]
  /** Drafts of an ingest lie about. */
  readonly hasDrafts: boolean
  readonly damagedSplits: readonly string[]
}

const marks = ['manifest.json', 'commits', 'shards', 'receipts', '.staging', '.lock']

/** Names of the folders of a store that hold one of these files: a data set, parts of one, or what an ingest has begun. Sorted. */
export async function listFolders(storeDir: string, files: readonly string[] = marks): Promise<string[]> {
  const names = existsSync(storeDir) ? await readdir(storeDir) : []
  return names.filter((name) => files.some((file) => existsSync(join(storeDir, name, file)))).sort()
}

/** Looks at a data set without reading what it holds. */
export async function conditionOf(storeDir: string, dataset: string): Promise<Condition> {
  const folder = join(storeDir, dataset)
  const found = await findManifest(storeDir, dataset).catch((error: unknown) => error instanceof ToolkitError ? error : Promise.reject(error))
  const [manifest, failure] = found instanceof ToolkitError ? [null, found] : [found, null]
  const refs = manifest === null ? [] : allFiles(manifest)
  const sizes = refs.map(({ file }) => statSync(join(folder, 'shards', file), { throwIfNoEntry: false })?.size)
  const history = manifest?.history ?? []
  const commits = (await namesIn(join(folder, 'commits'))).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length))
  const read = await Promise.all(commits.map((commit) => glanceAt(folder, commit)))
  const named = new Set([...refs.map(({ file }) => file), ...read.flatMap(({ files }) => files)])
  return {
    dataset, manifest, failure, spare: manifest === null ? (await newestCommit(folder))?.commit ?? null : null,
    missing: refs.filter((_, at) => sizes[at] === undefined).map(({ file }) => file),
    resized: refs.filter(({ bytes }, at) => sizes[at] !== undefined && sizes[at] !== bytes).map(({ file }) => file),
    unnamed: (await namesIn(join(folder, 'shards'))).filter((file) => ourFile.test(file) && !named.has(file)),
    lost: [...(manifest === null ? [] : [manifest.commit]), ...history].filter((commit) => !commits.includes(commit)),
    damaged: commits.filter((_, at) => !read[at]!.isSound),
    writers: await listWriters(folder), hasDrafts: existsSync(join(folder, '.staging')),
    damagedSplits: await damagedSplits(storeDir, dataset),
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return existsSync(folder) ? (await readdir(folder)).sort() : []
}

/** Whatever a version names, its seal unbroken or not: to read a commit as such takes a hundred times as long. */
async function glanceAt(folder: string, commit: Hash): Promise<{ readonly files: readonly string[]; readonly isSound: boolean }> {
  const text = await readFile(join(folder, 'commits', `${commit}.json`), 'utf8').catch(() => '')
  return { files: [...text.matchAll(/"file": "([^"]+)"/g)].map(([, file]) => file!), isSound: isSealed(text) && text.includes(`\n "commit": "${commit}",\n`) }
}
