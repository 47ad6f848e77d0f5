import { join } from 'node:path'
import type { DatasetEntry } from '../catalog.ts'
import { filmOf } from '../film.ts'
import { type Hash, sha256 } from '../hash.ts'
import { ingest } from '../ingest/ingest.ts'
import { planIngest } from '../ingest/plan-ingest.ts'
import { findRoot, type Manifest, readClips, readManifest, removeClips, verify, versionHashes } from '../store/index.ts'
import type { RunRecord } from '../train/index.ts'
import { compare, type Difference, type Findings, firstOf, type Note } from './difference.ts'
import { ingestedAs } from './ingested-as.ts'
import { runVersion } from './run-version.ts'

/** Where the data of a run is: its own store's version, or the one made anew where the store has it no more. */
export type DataFound = Findings & { readonly storeDir: string; readonly commit: Hash; readonly isSound: boolean }

/**
 * Reads the raw folder again into a store of its own under `scratch`, as the run's version was made, and compares roots and clips; without a raw folder every
 * value of the store's own version is read and hashed. Throws E_VERSION_GONE when there is neither.
 */
export async function reproduceData({ storeDir, record, entry, rawDir, scratch, jobs, signal }: {
  storeDir: string; record: RunRecord; entry: DatasetEntry; rawDir: string | null; scratch: string; jobs: number; signal?: AbortSignal | undefined
}): Promise<DataFound> {
  const version = await findRoot(storeDir, record.dataset, record.root)
  if (rawDir === null) return { storeDir, commit: await runVersion(storeDir, record), ...await verified(storeDir, record, version!) }
  const again = join(scratch, 'store')
  const gone = new Set([...version?.withdrawn ?? [], ...(version?.purged ?? []).filter(({ kind }) => kind === 'clip').map(({ id }) => id)])
  await ingest({ ...await optionsOf({ storeDir, version, entry, rawDir, gone }), entry, rawDir, storeDir: again, jobs, ...(signal === undefined ? {} : { signal }) })
  const withdrawn = [...(await versionHashes(again, await readManifest(again, entry.name))).keys()].filter((id) => gone.has(id))
  if (withdrawn.length > 0) await removeClips({ storeDir: again, dataset: entry.name, ids: withdrawn, purge: false })
  const made = await readManifest(again, entry.name)
  const place = version === null ? { storeDir: again, commit: made.commit } : { storeDir, commit: version.commit }
  const notes: Note[] = [
    ...(version === null ? [{ what: 'version of the data', was: record.root, is: 'gone from the store; the one made anew stands for it' }] : compare('catalog entry', version.entry, sha256(JSON.stringify(entry)))),
    ...(version === null || version.purged.length === 0 ? [] : [{ what: 'root', was: record.root, is: `counts what was purged (${version.purged.length}): clips are compared one by one` }]),
  ]
  const roots = version !== null && version.purged.length > 0 ? [] : compare('root of the data', record.root, made.root)
  return { ...place, isSound: version !== null || made.root === record.root, notes, differences: [...roots, ...(version === null ? [] : await clipDifferences({ storeDir, version, again, made }))] }
}

/** As the version was ingested; of a part of a download, the films that were in it or set aside. */
async function optionsOf({ storeDir, version, entry, rawDir, gone }: { storeDir: string; version: Manifest | null; entry: DatasetEntry; rawDir: string; gone: ReadonlySet<string> }) {
  if (version === null) return {}
  const options = ingestedAs(version, await readClips(storeDir, entry.name, undefined, { version: version.commit }), entry)
  const { plan } = await planIngest({ ...options, films: undefined, entry, rawDir, storeDir, jobs: 1 })
  const aside = version.quarantine.map(({ source }) => source.split('#')[0]!)
  const isAside = (path: string): boolean => aside.some((source) => source === path || source.startsWith(`${path}/`))
  const goneFilms = new Set([...gone].map(filmOf))
  const isOfVersion = ({ id, path }: { readonly id: string; readonly path: string }): boolean =>
    options.films.has(id) || isAside(path) || (version.complete && !goneFilms.has(id))
  return { ...options, films: new Set(plan.items.filter(isOfVersion).map(({ id }) => id)) }
}

async function clipDifferences({ storeDir, version, again, made }: { storeDir: string; version: Manifest; again: string; made: Manifest }): Promise<Difference[]> {
  const [was, is] = [await versionHashes(storeDir, version), await versionHashes(again, made)]
  const ids = [...new Set([...was.keys(), ...is.keys()])].sort()
  const asideIn = ({ quarantine }: Manifest): string => quarantine.map(({ source, code }) => `${source}: ${code}`).sort().join('; ')
  return [...firstOf(ids.flatMap((id) => compare(`clip ${id}`, was.get(id) ?? null, is.get(id) ?? null))), ...compare('set aside', asideIn(version), asideIn(made))]
}

async function verified(storeDir: string, { dataset, split }: RunRecord, version: Manifest): Promise<Findings & { isSound: boolean }> {
  const { problems } = await verify(storeDir, dataset, { deep: true })
  const own = new Set([...version.shards.flatMap(({ files }) => files.map(({ file }) => `shards/${file}`)), `splits/${split.name}.json`, `splits/${split.name}.parquet`])
  const [inside, beside] = [problems.filter(({ file }) => own.has(file)), problems.filter(({ file }) => !own.has(file))]
  const told = (list: typeof problems) => list.map(({ file, code, message }) => ({ what: file, was: 'as written', is: `${code}: ${message}` }))
  return { isSound: inside.length === 0, differences: told(inside).map((one) => ({ ...one, tolerance: null })), notes: told(beside) }
}
