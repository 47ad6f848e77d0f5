import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Quarantined } from '../clip.ts'
import { ToolkitError, unknownName } from '../errors.ts'
import { type Hash, sha256 } from '../hash.ts'
import { replaceFile } from './durable.ts'
import type { TableName } from './schema.ts'
import { sealJson, unsealJson } from './sealed-json.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().min(0)
const table = z.enum(['clips', 'frames', 'phases', 'files', 'quarantine'])
const fileRef = z.strictObject({ table, file: z.string(), rows: count, bytes: count, sha256: hash })
const manifest = z.strictObject({
  format: z.literal(1),
  dataset: z.string(),
  /** Merkle root over the logical hashes of clips (by id) and quarantine entries (by source): equal data, equal root, whatever wrote it. */
  root: hash,
  /** hash(root, parent, catalog entry). */
  commit: hash,
  /** The commit before this one; null = the first. */
  parent: hash.nullable(),
  entry: hash,
  /** False = only a part of the download was there or asked for. */
  complete: z.boolean(),
  schema: z.strictObject({ version: z.int(), skeleton: z.string(), joints: z.array(z.string()), dims: z.literal([2, 3]) }),
  writer: z.string(),
  counts: z.strictObject({ clips: count, frames: count, train: count, test: count, quarantined: count, bytes: count }),
  shardBits: z.int().min(0).max(32),
  shards: z.array(z.strictObject({ shard: z.string(), root: hash, clips: count, files: z.array(fileRef) })),
  quarantine: z.array(z.strictObject({ source: z.string(), code: z.string(), message: z.string(), offset: count.nullable(), sha256: hash.nullable() })),
  quarantineFile: fileRef.nullable(),
  tags: z.record(z.string(), hash),
  migrations: z.array(z.string()),
})

/** What a data set in the store consists of; written last, so that it is the commit. Files it does not name do not exist. */
export type Manifest = Omit<z.infer<typeof manifest>, 'quarantine'> & { readonly quarantine: readonly Quarantined[] }
export type ShardRef = Manifest['shards'][number]

export function datasetFolder(storeDir: string, dataset: string): string {
  return join(storeDir, checkName(dataset))
}

/** The manifest of a data set. Throws E_NOT_INGESTED when the store has none, E_MANIFEST when it is damaged. */
export async function readManifest(storeDir: string, dataset: string): Promise<Manifest> {
  const found = await findManifest(storeDir, dataset)
  if (found !== null) return found
  const names = await listDatasets(storeDir)
  if (names.length > 0) throw unknownName('E_NOT_INGESTED', `data set in store "${storeDir}" named`, dataset, names)
  throw new ToolkitError('E_NOT_INGESTED', `no data set "${dataset}" in store "${storeDir}": the store is empty`, {
    hint: `posetta ingest ${dataset} RAW_DIR --store ${storeDir}` })
}

/** The manifest of a data set, or null when there is none. */
export async function findManifest(storeDir: string, dataset: string): Promise<Manifest | null> {
  const file = join(datasetFolder(storeDir, dataset), 'manifest.json')
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw error
  })
  return text === null ? null : parseManifest(text, file)
}

/** Names of the data sets in a store, sorted; none when there is no store yet. */
export async function listDatasets(storeDir: string): Promise<string[]> {
  const names = existsSync(storeDir) ? await readdir(storeDir) : []
  return names.filter((name) => existsSync(join(storeDir, name, 'manifest.json'))).sort()
}

/** The Parquet files of a table, in the order of shards, as paths. An empty list = a table without rows. */
export function tableFiles(storeDir: string, { dataset, shards, quarantineFile }: Manifest, table: TableName): string[] {
  const files = [...shards.flatMap((shard) => shard.files), ...(quarantineFile === null ? [] : [quarantineFile])]
  return files.filter((ref) => ref.table === table).map(({ file }) => join(storeDir, dataset, 'shards', file))
}

/** Puts a manifest in place of the one before, atomically. */
export async function writeManifest(storeDir: string, value: Manifest): Promise<void> {
  await replaceFile(join(datasetFolder(storeDir, value.dataset), 'manifest.json'), sealJson(value))
}

/** hash(root, parent, catalog entry), each as a line. */
export function commitHash(root: Hash, parent: Hash | null, entry: Hash): Hash {
  return sha256(`${root}\n${parent ?? ''}\n${entry}\n`)
}

function parseManifest(text: string, file: string): Manifest {
  const problem = (what: string, cause?: unknown): ToolkitError => new ToolkitError('E_MANIFEST', `"${file}" ${what}`, {
    cause, hint: 'bring it back from a backup, or move the folder away and ingest again' })
  const unsealed = unsealJson(text)
  if ('problem' in unsealed) throw problem(unsealed.problem)
  const parsed = manifest.safeParse(unsealed.value)
  if (!parsed.success) throw problem(`is of another format: ${parsed.error.issues[0]!.path.join('.')}: ${parsed.error.issues[0]!.message}`)
  return parsed.data
}

/** Names become folders: letters, digits, dot, dash and underscore, beginning with a letter or digit. */
export function checkName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return name
  throw new ToolkitError('E_NAME', `"${name}" cannot be a name in the store`, { hint: 'use letters, digits, dots, dashes and underscores' })
}
