import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ToolkitError } from '../errors.ts'
import { type Hash, sha256 } from '../hash.ts'
import { type Duck, withDuck } from './duckdb.ts'
import { commitHash, datasetFolder, type Manifest, readManifest, type ShardRef } from './manifest.ts'
import { merkleRoot } from './merkle.ts'
import { hashPacked } from './pack-clip.ts'
import { readPacked } from './read-clips.ts'
import { columnsOf } from './schema.ts'
import { listSplits, readSplit } from './splits.ts'
import { quarantineRow, rowHash } from './shard-tables.ts'
import { allFiles } from './stored-files.ts'

export type Problem = { readonly file: string; readonly code: string; readonly message: string; readonly clips?: readonly string[] }
export type Verified = { readonly checked: number; readonly bytes: number; readonly problems: readonly Problem[]; readonly root: Hash | null }

/**
 * Checks a data set against its manifest: every file there, of the right sha256, and none more; every split of the hash it was written with.
 * `deep` also reads every clip back, hashes its values and says which clips differ. A damaged manifest is a problem too (root null); a data set
 * that is not there throws E_NOT_INGESTED.
 */
export async function verify(storeDir: string, dataset: string, { deep = false } = {}): Promise<Verified> {
  const folder = datasetFolder(storeDir, dataset)
  const manifest = await readManifest(storeDir, dataset).catch((error: unknown) => {
    if (error instanceof ToolkitError && error.code === 'E_MANIFEST') return error
    throw error
  })
  if (manifest instanceof ToolkitError) {
    return { checked: 1, bytes: 0, problems: [{ file: 'manifest.json', code: manifest.code, message: manifest.message }], root: null }
  }
  const files = await Promise.all(allFiles(manifest).map(async (ref) => ({ ref, problem: await checkFile(folder, ref) })))
  const broken = new Set(files.filter(({ problem }) => problem !== null).map(({ ref }) => ref.file))
  const intact = manifest.shards.filter((shard) => shard.files.every(({ file }) => !broken.has(file)))
  const problems = [
    ...files.flatMap(({ problem }) => (problem === null ? [] : [problem])),
    ...await extraFiles(folder, manifest),
    ...await checkSplits(storeDir, dataset),
    ...(deep ? await withDuck((duck) => checkClips(duck, folder, manifest, intact)) : []),
  ]
  const splits = await listSplits(storeDir, dataset)
  return { checked: 1 + files.length + 2 * splits.length, bytes: manifest.counts.bytes, problems, root: manifest.root }
}

async function checkFile(folder: string, { file, bytes, sha256: expected }: { file: string; bytes: number; sha256: Hash }): Promise<Problem | null> {
  const name = `shards/${file}`
  const content = await readFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => error)
  if (content instanceof Error) {
    return content.code === 'ENOENT' ? { file: name, code: 'E_FILE_MISSING', message: 'the manifest names it, the folder lacks it' }
      : { file: name, code: 'E_FILE_UNREADABLE', message: content.message }
  }
  if (content.length !== bytes) return { file: name, code: 'E_FILE_CHANGED', message: `${content.length} bytes, written with ${bytes}` }
  return sha256(content) === expected ? null : { file: name, code: 'E_FILE_CHANGED', message: 'its sha256 is not the one it was written with' }
}

async function extraFiles(folder: string, manifest: Manifest): Promise<Problem[]> {
  const named = new Set(allFiles(manifest).map(({ file }) => file))
  const present = await readdir(join(folder, 'shards'))
  const message = 'the manifest does not name it: left by an interrupted ingest (the next one removes it) or put there by hand'
  return present.filter((file) => !named.has(file)).sort().map((file) => ({ file: `shards/${file}`, code: 'E_FILE_EXTRA', message }))
}

async function checkSplits(storeDir: string, dataset: string): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const name of await listSplits(storeDir, dataset)) {
    const error = await readSplit(storeDir, dataset, name).then(() => null, (error: unknown) => error)
    if (error instanceof ToolkitError) problems.push({ file: `splits/${name}`, code: error.code, message: error.message })
    else if (error !== null) throw error
  }
  return problems
}

/** Logical hashes anew: a clip whose values do not have the hash beside it, a shard whose hashes do not make its root, a root that is not made of all. */
async function checkClips(duck: Duck, folder: string, manifest: Manifest, intact: readonly ShardRef[]): Promise<Problem[]> {
  const problems: Problem[] = []
  const leaves: { id: string; hash: Hash }[] = []
  for (const shard of intact) {
    const frames = `shards/${shard.files.find(({ table }) => table === 'frames')!.file}`
    const clips = await readPacked(duck, folder, manifest.schema, [shard])
    const changed = clips.filter((clip) => hashPacked({ ...clip, clip: clip.clip.slice(0, -1) }, manifest.schema) !== clip.hash).map(({ id }) => id)
    const found = (code: string, message: string): Problem => ({ file: frames, code, message })
    const values = `${changed.length} of ${clips.length} clips do not have the values they were written with`
    if (changed.length > 0) problems.push({ ...found('E_CLIP_CHANGED', values), clips: changed })
    if (merkleRoot(clips.map(({ hash }) => hash)) !== shard.root) problems.push(found('E_SHARD_ROOT', 'its clips do not make the root of the shard'))
    leaves.push(...clips.map(({ id, hash }) => ({ id, hash })))
  }
  return intact.length < manifest.shards.length ? problems : [...problems, ...checkRoot(manifest, leaves)]
}

function checkRoot(manifest: Manifest, leaves: readonly { id: string; hash: Hash }[]): Problem[] {
  const columns = columnsOf('quarantine', manifest.schema)
  const quarantine = manifest.quarantine.map((file) => rowHash(columns, quarantineRow(manifest.dataset, file)))
  const root = merkleRoot([...leaves.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ hash }) => hash), ...quarantine])
  const isRight = root === manifest.root && commitHash(root, manifest.parent, manifest.entry) === manifest.commit
  return isRight ? [] : [{ file: 'manifest.json', code: 'E_ROOT', message: 'clips and quarantine do not make its root and commit' }]
}
