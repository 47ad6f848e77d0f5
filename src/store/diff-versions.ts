import type { Hash } from '../hash.ts'
import { clipHashes } from './clip-hashes.ts'
import { type ClipChange, compareClips } from './compare-clips.ts'
import { type Duck, withDuck } from './duckdb.ts'
import { grouped } from './grouped.ts'
import { datasetFolder, type Manifest, type ShardRef } from './manifest.ts'
import type { PackedClip } from './pack-clip.ts'
import { imageRows } from './read-films.ts'
import { readPacked } from './read-packed.ts'
import { readVersion } from './read-version.ts'

/** What two versions of a data set differ in; ids sorted. */
export type VersionDiff = {
  readonly from: Hash
  readonly to: Hash
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly ClipChange[]
  /** Films whose pictures were added, taken away or changed. */
  readonly pictures: readonly string[]
  /** Raw files that are set aside in one of the two alone. */
  readonly quarantine: { readonly added: readonly string[]; readonly removed: readonly string[] }
}

/** Compares two versions of a data set, clip by clip and joint by joint; shards that both share are not read. Throws what `readVersion` throws. */
export async function diffVersions(storeDir: string, dataset: string, from: string, to: string): Promise<VersionDiff> {
  const [before, after] = [await readVersion(storeDir, dataset, from), await readVersion(storeDir, dataset, to)]
  const [gone, come] = [unshared(before, after), unshared(after, before)]
  return withDuck(async (duck) => {
    const folder = datasetFolder(storeDir, dataset)
    const [old, now] = [await clipHashes(duck, folder, gone), await clipHashes(duck, folder, come)]
    const changed = [...old].filter(([id, { hash }]) => now.has(id) && now.get(id)!.hash !== hash).map(([id]) => id)
    const pairs = grouped(changed, (id) => `${old.get(id)!.shard.shard} ${now.get(id)!.shard.shard}`)
    const changes: ClipChange[] = []
    for (const ids of pairs.values()) {
      const packed = async (version: Manifest, { shard }: { shard: ShardRef }): Promise<Map<string, PackedClip>> =>
        new Map((await readPacked(duck, folder, version.schema.layouts, [shard])).map((clip) => [clip.id, clip]))
      const [a, b] = [await packed(before, old.get(ids[0]!)!), await packed(after, now.get(ids[0]!)!)]
      changes.push(...ids.map((id) => compareClips(a.get(id)!, b.get(id)!)))
    }
    const aside = ({ quarantine }: Manifest): string[] => quarantine.map(({ source, code }) => `${source}: ${code}`)
    return {
      from: before.commit, to: after.commit, added: without(now.keys(), old), removed: without(old.keys(), now), changed: changes.toSorted((a, b) => (a.clip < b.clip ? -1 : 1)),
      pictures: await changedPictures(duck, folder, gone, come),
      quarantine: { added: without(aside(after), new Set(aside(before))), removed: without(aside(before), new Set(aside(after))) },
    }
  })
}

function unshared(version: Manifest, other: Manifest): ShardRef[] {
  const known = new Set(other.shards.flatMap(({ files }) => files.map(({ file }) => file)))
  return version.shards.filter(({ files }) => files.some(({ file }) => !known.has(file)))
}

function without(names: Iterable<string>, known: { has(name: string): boolean }): string[] {
  return [...names].filter((name) => !known.has(name)).sort()
}

/** Where in the store an embedded picture lies is no part of it. */
async function changedPictures(duck: Duck, folder: string, gone: readonly ShardRef[], come: readonly ShardRef[]): Promise<string[]> {
  const [old, now] = [await pictures(duck, folder, gone), await pictures(duck, folder, come)]
  return [...new Set([...old.keys(), ...now.keys()])].filter((film) => old.get(film) !== now.get(film)).sort()
}

async function pictures(duck: Duck, folder: string, shards: readonly ShardRef[]): Promise<Map<string, string>> {
  const films = new Map<string, string>()
  for (const shard of shards) {
    for (const [film, rows] of grouped(await imageRows(duck, folder, shard), ([film]) => String(film))) films.set(film, JSON.stringify(rows.map((row) => row.slice(0, -2))))
  }
  return films
}
