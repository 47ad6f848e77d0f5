import { existsSync } from 'node:fs'
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ToolkitError, unknownName } from '../errors.ts'
import { type Hash, sha256 } from '../hash.ts'
import { groupKeys, hashSides, type Side, sides as sideNames, type Split } from '../split.ts'
import { withDuck } from './duckdb.ts'
import { makeFolder, replaceFile, syncFile, syncFolder, writeFailure } from './durable.ts'
import { lockFolder } from './lock.ts'
import { checkName, datasetFolder, readManifest } from './manifest.ts'
import { readRows } from './read-parquet.ts'
import type { Column } from './schema.ts'
import { sealJson, unsealJson } from './sealed-json.ts'
import { rowTable } from './shard-tables.ts'
import { parquetWriter } from './write-parquet.ts'

const columns: readonly Column[] = [{ name: 'split', type: 'text' }, { name: 'side', type: 'text' }, { name: 'clip_id', type: 'text' }]
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const common = {
  name: z.string(), dataset: z.string(), query: z.string(), seed: z.int(), hash, root: hash, sha256: hash,
  sides: z.partialRecord(z.enum(sideNames), z.int()),
}
/** Format 1 kept recordings together and knew no salt. */
const header = z.discriminatedUnion('format', [
  z.strictObject({ format: z.literal(2), ...common, groupKey: z.enum(groupKeys), salt: z.string() }),
  z.strictObject({ format: z.literal(1), ...common }).transform((header) => ({ ...header, groupKey: 'group_id' as const, salt: String(header.seed) })),
])

/**
 * Keeps a split under its name: membership in `splits/<name>.parquet` (split, side, clip_id; sorted), the rest in `<name>.json`, which comes last. The same
 * split again changes nothing; another one under a name that is taken is E_SPLIT_EXISTS. `root` is that of the data it was made on.
 */
export async function writeSplit(storeDir: string, split: Split, root: Hash): Promise<void> {
  await readManifest(storeDir, split.dataset)
  const folder = join(datasetFolder(storeDir, split.dataset), 'splits')
  const known = existsSync(join(folder, `${checkName(split.name)}.json`)) ? await readSplit(storeDir, split.dataset, split.name) : null
  if (known !== null && known.hash === split.hash && origin(known) === origin(split)) return
  if (known !== null) {
    const others = known.hash === split.hash ? 'origins' : 'members'
    throw new ToolkitError('E_SPLIT_EXISTS', `a split "${split.name}" of ${split.dataset} exists, with other ${others} (hash ${known.hash.slice(0, 12)})`, {
      hint: 'the name of a split is never given twice: choose another one by --name' })
  }
  try {
    await makeFolder(folder)
    const unlock = await lockFolder(folder)
    try {
      await writeFiles(folder, split, root)
    } finally {
      await unlock()
    }
  } catch (error) {
    throw writeFailure(error, storeDir)
  }
}

/** All that a split is made from. */
function origin({ query, groupKey, seed, salt }: Split): string {
  return JSON.stringify([query, groupKey, seed, salt])
}

async function writeFiles(folder: string, { name, dataset, query, groupKey, seed, salt, hash, sides }: Split, root: Hash): Promise<void> {
  const rows = sideNames.flatMap((side) => (sides[side] ?? []).toSorted().map((id) => [name, side, id]))
  const file = join(folder, `${name}.parquet`)
  try {
    await withDuck((duck) => parquetWriter(duck)(`${file}.tmp`, rowTable(columns, rows, { posetta: 'split 1', dataset, hash })), { threads: 1 })
    await syncFile(`${file}.tmp`)
    await rename(`${file}.tmp`, file)
  } finally {
    await rm(`${file}.tmp`, { force: true })
  }
  await syncFolder(folder)
  const counts = Object.fromEntries(sideNames.filter((side) => sides[side] !== undefined).map((side) => [side, sides[side]!.length]))
  const written = { format: 2, name, dataset, query, groupKey, seed, salt, hash, root, sha256: sha256(await readFile(file)), sides: counts }
  await replaceFile(join(folder, `${name}.json`), sealJson(written))
}

/** A split by name. Throws E_SPLIT_UNKNOWN with the nearest name, E_SPLIT_DAMAGED when the members do not have the hash they were written with. */
export async function readSplit(storeDir: string, dataset: string, name: string): Promise<Split & { readonly root: Hash }> {
  const folder = join(datasetFolder(storeDir, dataset), 'splits')
  const file = join(folder, `${name}.json`)
  if (!existsSync(file)) throw unknownName('E_SPLIT_UNKNOWN', `split of ${dataset} named`, name, await listSplits(storeDir, dataset))
  const damaged = (what: string, cause?: unknown): ToolkitError => new ToolkitError('E_SPLIT_DAMAGED', `split "${name}" of ${dataset}: ${what}`, {
    cause, hint: `bring back ${join(folder, name)}.json and .parquet from a backup, or remove both and make the split again` })
  const unsealed = unsealJson(await readFile(file, 'utf8'))
  if ('problem' in unsealed) throw damaged(`its json file ${unsealed.problem}`)
  const read = header.safeParse(unsealed.value)
  if (!read.success) throw damaged('its json file is of another format', read.error)
  if (read.data.name !== name || read.data.dataset !== dataset) throw damaged(`its json file is that of split "${read.data.name}" of ${read.data.dataset}`)
  const bytes = await readFile(join(folder, `${name}.parquet`)).catch((error: unknown) => Promise.reject(damaged('its parquet file cannot be read', error)))
  if (sha256(bytes) !== read.data.sha256) throw damaged('its parquet file was changed after it was written')
  const { root, query, groupKey, seed, salt, sides: counts, hash } = read.data
  const rows = await withDuck((duck) => readRows(duck, { files: [join(folder, `${name}.parquet`)] }, columns), { threads: 1 })
  const members = (side: Side): string[] => rows.filter((row) => row[1] === side).map((row) => String(row[2]))
  const sides = Object.fromEntries(sideNames.filter((side) => counts[side] !== undefined).map((side) => [side, members(side)]))
  if (hashSides(sides) !== hash) throw damaged('its members do not have the hash they were written with')
  return { name, dataset, query, groupKey, seed, salt, hash, sides, root }
}

/** Names of the splits kept beside a data set, sorted. */
export async function listSplits(storeDir: string, dataset: string): Promise<string[]> {
  const folder = join(datasetFolder(storeDir, dataset), 'splits')
  const files = existsSync(folder) ? await readdir(folder) : []
  return files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -5)).sort()
}
