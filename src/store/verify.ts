import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ToolkitError } from '../errors.ts'
import { type Hash, sha256 } from '../hash.ts'
import { findCommit } from './commits.ts'
import { realDisk } from './disk.ts'
import { type Duck, withDuck } from './duckdb.ts'
import { commitHash, datasetFolder, type Manifest, readManifest, type ShardRef } from './manifest.ts'
import { merkleRoot } from './merkle.ts'
import { hashPacked } from './pack-clip.ts'
import { packedImageColumns, type PackedFilm, picturesOf } from './pack-film.ts'
import { readFilms } from './read-films.ts'
import { readReceipts } from './receipts.ts'
import { columnsOf } from './schema.ts'
import { byId } from './shards.ts'
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
  const { kept, problems: inHistory } = await readHistory(folder, manifest)
  const refs = [...new Map(kept.flatMap(allFiles).map((ref) => [ref.file, ref])).values()]
  const files = await Promise.all(refs.map(async (ref) => ({ ref, problem: await checkFile(folder, ref) })))
  const broken = new Set(files.filter(({ problem }) => problem !== null).map(({ ref }) => ref.file))
  const intact = manifest.shards.filter((shard) => shard.files.every(({ file }) => !broken.has(file)))
  const problems = [
    ...inHistory,
    ...files.flatMap(({ problem }) => (problem === null ? [] : [problem])),
    ...await extraFiles(folder, kept),
    ...await checkSplits(storeDir, dataset),
    ...(deep ? await withDuck((duck) => checkClips(duck, folder, manifest, intact)) : []),
  ]
  const splits = await listSplits(storeDir, dataset)
  return { checked: 1 + kept.length + files.length + 2 * splits.length, bytes: refs.reduce((sum, { bytes }) => sum + bytes, 0), problems, root: manifest.root }
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

/** The newest manifest and all it leads back to; a commit that is missing or damaged is a problem. */
async function readHistory(folder: string, manifest: Manifest): Promise<{ kept: Manifest[]; problems: Problem[] }> {
  const kept = [manifest]
  const problems: Problem[] = []
  for (const commit of [manifest.commit, ...manifest.history]) {
    const file = `commits/${commit}.json`
    const found = await findCommit(folder, commit).catch((error: unknown) => error instanceof ToolkitError ? error : Promise.reject(error))
    if (found === null) problems.push({ file, code: 'E_FILE_MISSING', message: 'the manifest leads back to it, the folder lacks it; posetta gc lets go of it' })
    else if (found instanceof ToolkitError) problems.push({ file, code: found.code, message: found.message })
    else if (commit !== manifest.commit) kept.push(found)
  }
  return { kept, problems }
}

/** Shards that an unfinished ingest has left for the next one to go on from are known by their receipts. */
async function extraFiles(folder: string, kept: readonly Manifest[]): Promise<Problem[]> {
  const pending = [...(await readReceipts(folder, realDisk)).values()].flatMap(({ shard }) => shard?.files ?? [])
  const named = new Set([...kept.flatMap(allFiles), ...pending].map(({ file }) => file))
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

/** Logical hashes anew: a clip or a picture whose values do not have the hash beside it, a shard whose hashes do not make its root, a root that is not made of all. */
async function checkClips(duck: Duck, folder: string, manifest: Manifest, intact: readonly ShardRef[]): Promise<Problem[]> {
  const problems: Problem[] = []
  const leaves: { clips: { id: string; hash: Hash }[]; films: { id: string; hash: Hash }[] } = { clips: [], films: [] }
  for (const shard of intact) {
    const file = (name: string): string => `shards/${shard.files.find(({ table }) => table === name)!.file}`
    const films: PackedFilm[] = []
    const [changed, odd]: [string[], string[]] = [[], []]
    for await (const film of readFilms(duck, folder, { shard, layouts: manifest.schema.layouts })) {
      changed.push(...film.clips.filter((clip) => hashPacked({ ...clip, clip: clip.clip.slice(0, -1) }) !== clip.hash).map(({ id }) => id))
      if (picturesOf(film).some((picture, at) => picture !== null && `sha256:${sha256(picture)}` !== film.images[at]![IMAGE_HASH])) odd.push(film.id)
      films.push({ ...film, pictures: null })
    }
    const clips = films.flatMap((film) => film.clips).toSorted(byId)
    const values = `${changed.length} of ${clips.length} clips do not have the values they were written with`
    if (changed.length > 0) problems.push({ file: file('frames'), code: 'E_CLIP_CHANGED', message: values, clips: changed })
    if (odd.length > 0) problems.push({ file: file('pictures'), code: 'E_IMAGE_CHANGED', message: `pictures of ${odd.length} films do not have the hash they were read with`, clips: odd })
    const hashed = films.toSorted(byId).flatMap(({ id, hash }) => (hash === null ? [] : [{ id, hash }]))
    const root = merkleRoot([...clips, ...hashed].map(({ hash }) => hash))
    if (root !== shard.root) problems.push({ file: file('clips'), code: 'E_SHARD_ROOT', message: 'its clips do not make the root of the shard' })
    leaves.clips.push(...clips.map(({ id, hash }) => ({ id, hash })))
    leaves.films.push(...hashed)
  }
  return intact.length < manifest.shards.length ? problems : [...problems, ...checkRoot(manifest, [...leaves.clips.toSorted(byId), ...leaves.films.toSorted(byId)])]
}

const IMAGE_HASH = packedImageColumns.findIndex(({ name }) => name === 'hash')

function checkRoot(manifest: Manifest, leaves: readonly { readonly hash: Hash }[]): Problem[] {
  const columns = columnsOf('quarantine')
  const quarantine = manifest.quarantine.map((file) => rowHash(columns, quarantineRow(manifest.dataset, file)))
  const root = merkleRoot([...leaves.map(({ hash }) => hash), ...quarantine])
  const isRight = root === manifest.root && commitHash(root, manifest.parent, manifest.entry) === manifest.commit
  return isRight ? [] : [{ file: 'manifest.json', code: 'E_ROOT', message: 'clips and quarantine do not make its root and commit' }]
}
