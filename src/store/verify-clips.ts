import { sha256 } from '../hash.ts'
import type { Duck } from './duckdb.ts'
import { commitHash, type Manifest, type ShardRef } from './manifest.ts'
import { merkleRoot } from './merkle.ts'
import { hashPacked } from './pack-clip.ts'
import { type PackedFilm, picturesOf, packedImageColumns } from './pack-film.ts'
import type { Problem } from './problem.ts'
import { readFilms } from './read-films.ts'
import { columnsOf, type TableName } from './schema.ts'
import { quarantineRow, rowHash } from './shard-tables.ts'
import { byId } from './shards.ts'

type Leaf = { readonly id: string; readonly hash: string }
/** What the root of a version is made of, by what reading its shards has given. */
type Leaves = { readonly clips: readonly Leaf[]; readonly films: readonly Leaf[] }

/**
 * Logical hashes anew, of every version whose files are all as they were written: clips and pictures whose values do not have the hash
 * beside them, shards whose hashes do not make their root, roots that are not made of all.
 */
export async function checkClips(duck: Duck, folder: string, manifests: readonly Manifest[], isIntact: (shard: ShardRef) => boolean): Promise<Problem[]> {
  const problems: Problem[] = []
  const known = new Map<string, Leaves | null>()
  for (const [at, manifest] of manifests.entries()) {
    const all: (Leaves | null)[] = []
    for (const shard of manifest.shards) {
      const key = shard.files.map(({ file }) => file).join()
      if (!known.has(key)) known.set(key, isIntact(shard) ? await checkShard(duck, folder, manifest, shard, problems) : null)
      all.push(known.get(key)!)
    }
    const leaves = all.filter((one) => one !== null)
    if (leaves.length === all.length) problems.push(...checkRoot(manifest, leaves, at === 0 ? 'manifest.json' : `commits/${manifest.commit}.json`))
  }
  return problems
}

/** null = it could not be read. */
async function checkShard(duck: Duck, folder: string, { schema: { layouts } }: Manifest, shard: ShardRef, problems: Problem[]): Promise<Leaves | null> {
  const file = (name: TableName): string => `shards/${shard.files.find(({ table }) => table === name)!.file}`
  const films: PackedFilm[] = []
  const [changed, odd]: [string[], PackedFilm[]] = [[], []]
  try {
    for await (const film of readFilms(duck, folder, { shard, layouts, anyPictures: true })) {
      changed.push(...film.clips.filter((clip) => hashPacked({ ...clip, clip: clip.clip.slice(0, -1) }) !== clip.hash).map(({ id }) => id))
      if (picturesOf(film).some((picture, at) => picture !== null && `sha256:${sha256(picture)}` !== film.images[at]![IMAGE_HASH])) odd.push(film)
      films.push({ ...film, pictures: null })
    }
  } catch (error) {
    const message = `its files are those that the manifest names, and do not fit together: ${(error as Error).message.split('\n')[0]}`
    problems.push({ file: file('clips'), code: 'E_SHARD_UNREADABLE', message })
    return null
  }
  const clips = films.flatMap((film) => film.clips).toSorted(byId)
  const hashed = films.toSorted(byId).flatMap(({ id, hash }) => (hash === null ? [] : [{ id, hash }]))
  const values = `${changed.length} of ${clips.length} clips do not have the values they were written with`
  if (changed.length > 0) problems.push({ file: file('frames'), code: 'E_CLIP_CHANGED', message: values, clips: changed.toSorted() })
  const pictures = `pictures of ${odd.length} films do not have the hash they were read with`
  const seen = odd.flatMap((film) => film.clips.map(({ id }) => id)).toSorted()
  if (odd.length > 0) problems.push({ file: file('pictures'), code: 'E_IMAGE_CHANGED', message: pictures, clips: seen })
  const root = merkleRoot([...clips, ...hashed].map(({ hash }) => hash))
  const all = clips.map(({ id }) => id)
  if (root !== shard.root) problems.push({ file: file('clips'), code: 'E_SHARD_ROOT', message: 'its clips do not make the root of the shard', clips: all })
  return { clips: clips.map(({ id, hash }) => ({ id, hash })), films: hashed }
}

const IMAGE_HASH = packedImageColumns.findIndex(({ name }) => name === 'hash')

/** Clips and films that were purged are still counted by their leaves. */
function checkRoot(manifest: Manifest, leaves: readonly Leaves[], file: string): Problem[] {
  const purged = (kind: 'clip' | 'film'): Leaf[] => manifest.purged.filter((leaf) => leaf.kind === kind)
  const [clips, films] = [[...leaves.flatMap((one) => one.clips), ...purged('clip')], [...leaves.flatMap((one) => one.films), ...purged('film')]]
  const columns = columnsOf('quarantine')
  const quarantine = manifest.quarantine.map((entry) => rowHash(columns, quarantineRow(manifest.dataset, entry)))
  const root = merkleRoot([...[...clips.toSorted(byId), ...films.toSorted(byId)].map(({ hash }) => hash), ...quarantine])
  const isRight = root === manifest.root && commitHash(root, manifest.parent, manifest.entry) === manifest.commit
  return isRight ? [] : [{ file, code: 'E_ROOT', message: 'clips and quarantine do not make its root and commit' }]
}
