import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Quarantined } from '../clip.ts'
import { ToolkitError, unknownName } from '../errors.ts'
import { type Hash, sha256 } from '../hash.ts'
import { shellWord } from '../shell-word.ts'
import { type Disk, realDisk } from './disk.ts'
import { replaceFile } from './durable.ts'
import { SCHEMA_VERSION, type TableName, tableNames } from './schema.ts'
import { sealJson, unsealJson } from './sealed-json.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().min(0)
const table = z.enum([...tableNames, 'pictures'])
const fileRef = z.strictObject({ table, layout: z.string().nullable(), file: z.string(), rows: count, bytes: count, sha256: hash })
/** One shard as it was written. */
export const shardRef = z.strictObject({ shard: z.string(), root: hash, clips: count, films: count, files: z.array(fileRef) })
/** What a file could not be read for. */
export const quarantined = z.strictObject({ source: z.string(), code: z.string(), message: z.string(), offset: count.nullable(), sha256: hash.nullable(), readmit: z.string() })
export const layoutSchema = z.strictObject({
  name: z.string(), skeleton: z.string().nullable(), joints: z.array(z.string()), dims: z.literal([2, 3]), signals: z.array(z.string()), step: z.number().optional() })
const manifest = z.strictObject({
  format: z.literal(1),
  dataset: z.string(),
  /** Merkle root over the logical hashes of clips (by id), films with pictures (by id) and quarantine entries (by source): equal data, equal root, whatever wrote it. */
  root: hash,
  /** hash(root, parent, catalog entry). */
  commit: hash,
  /** The commit before this one; null = the first. */
  parent: hash.nullable(),
  entry: hash,
  /** False = only a part of the download was there or asked for. */
  complete: z.boolean(),
  schema: z.strictObject({ version: z.literal(SCHEMA_VERSION), layouts: z.array(layoutSchema) }),
  writer: z.string(),
  counts: z.strictObject({
    clips: count, frames: count, films: count, images: count, quarantined: count, bytes: count,
    /** Every recording once: its longest clip, the side it is on. */
    recordings: z.strictObject({ recordings: count, frames: count, train: count, validation: count, test: count }),
  }),
  shardBits: z.int().min(0).max(32),
  shards: z.array(shardRef),
  quarantine: z.array(quarantined),
  quarantineFile: fileRef.nullable(),
  /** Names given to commits. */
  tags: z.record(z.string(), hash),
  /** Earlier commits that are kept under `commits/`, newest first. */
  history: z.array(hash).default([]),
  /** Clips taken out at somebody's wish: no ingest brings them back. */
  withdrawn: z.array(z.string()).default([]),
  /** Leaves of clips and films that were purged from this commit: its root still counts them. */
  purged: z.array(z.strictObject({ kind: z.enum(['clip', 'film']), id: z.string(), hash })).default([]),
  migrations: z.array(z.string()),
})

/** What a data set in the store consists of; written last, so that it is the commit. Files it does not name do not exist. */
export type Manifest = Readonly<Omit<z.infer<typeof manifest>, 'quarantine'>> & { readonly quarantine: readonly Quarantined[] }
export type ShardRef = Readonly<z.infer<typeof shardRef>>

export function datasetFolder(storeDir: string, dataset: string): string {
  return join(storeDir, checkName(dataset))
}

/** The manifest of a data set. Throws E_NOT_INGESTED when the store has none, E_MANIFEST when it is damaged, E_MANIFEST_LOST when it is gone. */
export async function readManifest(storeDir: string, dataset: string): Promise<Manifest> {
  const found = await findManifest(storeDir, dataset)
  if (found !== null) return found
  const names = await listDatasets(storeDir)
  if (names.length > 0) throw unknownName('E_NOT_INGESTED', `data set in store "${storeDir}" named`, dataset, names)
  throw new ToolkitError('E_NOT_INGESTED', `no data set "${dataset}" in store "${storeDir}": the store is empty`, {
    hint: `posetta ingest ${dataset} RAW_DIR --store ${storeDir}` })
}

/** The manifest of a data set, or null when there never was one. */
export async function findManifest(storeDir: string, dataset: string, disk: Disk = realDisk): Promise<Manifest | null> {
  const file = join(datasetFolder(storeDir, dataset), 'manifest.json')
  const text = await disk.readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw error
  })
  if (text !== null) return parseManifest(text.toString('utf8'), file, { dataset })
  const folder = datasetFolder(storeDir, dataset)
  if (!await hasLostManifest(folder, disk)) return null
  throw new ToolkitError('E_MANIFEST_LOST', `"${folder}" has lost its manifest.json`, { hint: `posetta doctor --store ${shellWord(storeDir)} prints the command that brings it back` })
}

/**
 * Whether a data set without a manifest had one: a commit lies there. While somebody writes, it may be the first one, to be followed by its manifest; one that a
 * killed ingest has left leads back to nothing, and the same ingest makes it again.
 */
async function hasLostManifest(folder: string, disk: Disk): Promise<boolean> {
  const commits = (await disk.readdir(join(folder, 'commits')).catch(() => [])).filter((name) => name.endsWith('.json'))
  if (commits.length !== 1 || !existsSync(join(folder, '.lock'))) return commits.length > 0
  const unsealed = unsealJson((await disk.readFile(join(folder, 'commits', commits[0]!))).toString('utf8'))
  const { success, data } = manifest.safeParse('value' in unsealed ? unsealed.value : null)
  return !success || data.parent !== null || [...data.history, ...data.withdrawn, ...Object.keys(data.tags)].length > 0
}

/** Names of the data sets in a store, sorted, with those that have lost their manifest; none when there is no store yet. */
export async function listDatasets(storeDir: string): Promise<string[]> {
  const names = existsSync(storeDir) ? (await readdir(storeDir)).sort() : []
  const there = await Promise.all(names.map((name) => existsSync(join(storeDir, name, 'manifest.json')) || hasLostManifest(join(storeDir, name), realDisk)))
  return names.filter((_, at) => there[at])
}

/** The Parquet files of a table, in the order of shards, as paths; of frames, those of one layout. An empty list = a table without rows. */
export function tableFiles(storeDir: string, { dataset, shards, quarantineFile }: Manifest, table: TableName, layout: string | null = null): string[] {
  const files = [...shards.flatMap((shard) => shard.files), ...(quarantineFile === null ? [] : [quarantineFile])]
  return files.filter((ref) => ref.table === table && ref.layout === layout).map(({ file }) => join(storeDir, dataset, 'shards', file))
}

/** Puts a manifest in place of the one before, atomically. */
export async function writeManifest(storeDir: string, value: Manifest, disk: Disk = realDisk): Promise<void> {
  await replaceFile(join(datasetFolder(storeDir, value.dataset), 'manifest.json'), sealJson(value), disk)
}

/** hash(root, parent, catalog entry), each as a line. */
export function commitHash(root: Hash, parent: Hash | null, entry: Hash): Hash {
  return sha256(`${root}\n${parent ?? ''}\n${entry}\n`)
}

/** Reads the text of a manifest, which must be that of the data set and commit expected; `file` is named in what it throws: E_MANIFEST, E_STORE_VERSION. */
export function parseManifest(text: string, file: string, expected: { readonly dataset: string; readonly commit?: Hash; readonly hint?: string }): Manifest {
  const hint = expected.hint ?? 'bring it back from a backup, or move the folder away and ingest again'
  const problem = (what: string, cause?: unknown): ToolkitError => new ToolkitError('E_MANIFEST', `"${file}" ${what}`, { cause, hint })
  const unsealed = unsealJson(text)
  if ('problem' in unsealed) throw problem(unsealed.problem)
  const version = (unsealed.value as { schema?: { version?: unknown } }).schema?.version
  if (typeof version === 'number' && version < SCHEMA_VERSION) {
    throw new ToolkitError('E_STORE_VERSION', `"${file}" was written by an earlier Posetta: tables of version ${version}, this one reads ${SCHEMA_VERSION}`, {
      hint: 'ingest the data set again: the raw files are all it needs' })
  }
  const parsed = manifest.safeParse(unsealed.value)
  if (!parsed.success) throw problem(`is of another format: ${parsed.error.issues[0]!.path.join('.')}: ${parsed.error.issues[0]!.message}`)
  const { dataset, commit } = parsed.data
  if (dataset !== expected.dataset) throw problem(`is that of the data set ${dataset}`)
  if (expected.commit !== undefined && commit !== expected.commit) throw problem(`is that of the commit ${commit.slice(0, 12)}`)
  return parsed.data
}

/** Names become folders: letters, digits, dot, dash and underscore, beginning with a letter or digit. */
export function checkName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return name
  throw new ToolkitError('E_NAME', `"${name}" cannot be a name in the store`, { hint: 'use letters, digits, dots, dashes and underscores' })
}
