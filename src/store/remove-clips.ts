import { ToolkitError, unknownName } from '../errors.ts'
import { filmOf } from '../film.ts'
import type { Hash } from '../hash.ts'
import { clipHashes } from './clip-hashes.ts'
import { keptManifests, writeCommit } from './commits.ts'
import { type Duck, withDuck } from './duckdb.ts'
import { datasetFolder, type Manifest, readManifest, type ShardRef } from './manifest.ts'
import { withoutClips } from './pack-film.ts'
import { readFilms } from './read-films.ts'
import type { Receipt } from './receipts.ts'
import { receiptItem } from './shard-writer.ts'
import { openStoreWriter, type StoreWriter } from './write-store.ts'

/** Stands in `withdrawn` for every clip of the data set. */
export const EVERYTHING = '*'

export type Removal = {
  readonly dataset: string
  /** Clips that the newest version held. */
  readonly removed: readonly string[]
  /** Versions out of whose files they were taken, newest first. */
  readonly purged: readonly Hash[]
  readonly root: Hash
  readonly commit: Hash
}

/**
 * Takes clips out of a data set by a new commit, and remembers it: no ingest brings them back. `ids` name clips, or films with all their clips; null = everything.
 * With `purge` they are also taken out of every earlier version; the Merkle leaves that stay behind let its root be checked, and say nothing of what they were
 * taken of. Run again after a failure it goes on. Throws E_CLIP_UNKNOWN, and what `openStoreWriter` throws.
 */
export async function removeClips({ storeDir, dataset, ids, purge }: {
  readonly storeDir: string; readonly dataset: string; readonly ids: readonly string[] | null; readonly purge: boolean
}): Promise<Removal> {
  await readManifest(storeDir, dataset)
  const folder = datasetFolder(storeDir, dataset)
  const writer = await openStoreWriter({ storeDir, dataset })
  try {
    return await withDuck(async (duck) => {
      const before = writer.before!
      const versions = await keptManifests(folder, before)
      const held = await Promise.all((purge ? versions : [before]).map(async ({ shards }) => [...(await clipHashes(duck, folder, shards)).keys()]))
      const named = new Set(ids)
      const isNamed = (clip: string): boolean => ids === null || named.has(clip) || named.has(filmOf(clip))
      checkKnown(ids ?? [], [...new Set([...held.flat(), ...before.withdrawn])])
      const removed = held[0]!.filter(isNamed).sort()
      const withdrawn = ids === null ? [EVERYTHING] : [...new Set([...before.withdrawn, ...held.flat().filter(isNamed)])].sort()
      const newest = await commitWithout({ writer, duck, folder, before, isNamed, withdrawn })
      const purged = purge ? await purgeVersions({ writer, duck, folder, versions: await keptManifests(folder, newest), isNamed }) : []
      return { dataset, removed, purged, root: newest.root, commit: newest.commit }
    })
  } finally {
    await writer.close()
  }
}

function checkKnown(ids: readonly string[], known: readonly string[]): void {
  const names = new Set([...known, ...known.map(filmOf)])
  const missing = ids.find((id) => !names.has(id))
  if (missing === undefined) return
  const { hint } = unknownName('', '', missing, known)
  throw new ToolkitError('E_CLIP_UNKNOWN', `no clip "${missing}" in the store`, { hint: `${/did you mean [^?]*\?/.exec(hint!)?.[0] ?? ''} posetta sql "select id from clips order by id"`.trim() })
}

type Work = { readonly writer: StoreWriter; readonly duck: Duck; readonly folder: string; readonly isNamed: (clip: string) => boolean }

async function commitWithout({ writer, duck, folder, before, isNamed, withdrawn }: Work & { before: Manifest; withdrawn: readonly string[] }): Promise<Manifest> {
  const kept = []
  for (const shard of before.shards) {
    const receipt = writer.receipts.get(shard.shard)
    const known = receipt !== undefined && receipt.shard?.root === shard.root ? receipt : await receiptOf(duck, folder, before, shard)
    kept.push(...known.items.flatMap(({ quarantined }) => quarantined))
    if (!known.items.some(({ clips }) => clips.some(({ id }) => isNamed(id)))) {
      writer.keepShard(shard.shard, known)
      continue
    }
    const writing = writer.openShard(shard.shard)
    for await (const film of readFilms(duck, folder, { shard, layouts: before.schema.layouts })) {
      const rest = withoutClips(film, ({ id }) => isNamed(id))
      if (rest !== null) await writing.add(rest)
    }
    await writing.finish(known.items, receipt === undefined ? null : { key: receipt.key, bits: receipt.bits })
  }
  const aside = new Set(kept.map((entry) => JSON.stringify(entry)))
  const { shardBits, entry } = before
  return writer.commit({ shardBits, entry, complete: false, withdrawn, quarantined: before.quarantine.filter((one) => !aside.has(JSON.stringify(one))) })
}

/** What a receipt would say of a shard, where there is none: every film is to be read again. */
async function receiptOf(duck: Duck, folder: string, { schema: { layouts } }: Manifest, shard: ShardRef): Promise<Pick<Receipt, 'items' | 'layouts' | 'shard'>> {
  const items: Receipt['items'] = []
  for await (const film of readFilms(duck, folder, { shard, layouts })) items.push(receiptItem({ id: film.id, fingerprint: null, quarantined: [] }, film))
  const names = new Set(shard.files.map(({ layout }) => layout))
  return { items, shard, layouts: layouts.filter(({ name }) => names.has(name)) }
}

async function purgeVersions({ writer, duck, folder, versions: [, ...older], isNamed }: Work & { versions: readonly Manifest[] }): Promise<Hash[]> {
  const purged: Hash[] = []
  const done = new Map<string, Purged>()
  for (const manifest of older) {
    const shards: ShardRef[] = []
    const leaves: Manifest['purged'] = []
    for (const shard of manifest.shards) {
      const key = JSON.stringify(shard.files.map(({ file }) => file))
      const { shard: rest, leaves: gone } = done.get(key) ?? await purgeShard(writer, duck, folder, manifest, shard, isNamed)
      done.set(key, { shard: rest, leaves: gone })
      if (rest !== null) shards.push(rest)
      leaves.push(...gone)
    }
    if (leaves.length === 0) continue
    await writeCommit(folder, { ...manifest, shards, purged: [...manifest.purged, ...leaves] })
    purged.push(manifest.commit)
  }
  return purged
}

type Purged = { readonly shard: ShardRef | null; readonly leaves: Manifest['purged'] }

async function purgeShard(writer: StoreWriter, duck: Duck, folder: string, manifest: Manifest, shard: ShardRef, isNamed: (clip: string) => boolean): Promise<Purged> {
  if (![...(await clipHashes(duck, folder, [shard])).keys()].some(isNamed)) return { shard, leaves: [] }
  const leaves: Manifest['purged'] = []
  const writing = writer.openLoose(shard.shard)
  for await (const film of readFilms(duck, folder, { shard, layouts: manifest.schema.layouts })) {
    const rest = withoutClips(film, ({ id }) => isNamed(id))
    leaves.push(...film.clips.filter(({ id }) => isNamed(id)).map(({ id, hash }) => ({ kind: 'clip' as const, id, hash })))
    if (rest !== null) await writing.add(rest)
    else if (film.hash !== null) leaves.push({ kind: 'film', id: film.id, hash: film.hash })
  }
  return { shard: (await writing.finish([])).shard, leaves }
}
