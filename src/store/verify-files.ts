import { join } from 'node:path'
import { affectedClips } from './affected-clips.ts'
import { damageOf } from './damage.ts'
import { withDuck } from './duckdb.ts'
import { hashFile } from './hash-file.ts'
import { openImages } from './image-file.ts'
import type { Manifest, ShardRef } from './manifest.ts'
import { ofClips, type Problem } from './problem.ts'
import { imageRows, isPicture } from './read-films.ts'
import { columnsOf, type FileRef } from './schema.ts'

/** A file that manifests name, with the shard it belongs to. */
type Named = { readonly ref: FileRef; readonly shard: ShardRef }

/** Files hashed at a time. */
const AT_ONCE = 2

export type CheckedFiles = { readonly checked: readonly FileRef[]; readonly problems: readonly Problem[] }

/** Hashes every file that the manifests name, whatever this process has hashed before. Says of each that is not as it was written what has become of it. */
export async function checkFiles(folder: string, manifests: readonly Manifest[]): Promise<CheckedFiles> {
  const named = [...new Map(manifests.flatMap(namedFiles).map((one) => [one.ref.file, one])).values()]
  const files = new Map(named.map(({ ref }) => [ref.sha256, ref.file]))
  const problems: (Problem | null)[] = named.map(() => null)
  const rest = named.entries()
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (const [at, one] of rest) problems[at] = await checkFile(folder, one, files)
  }))
  return { checked: named.map(({ ref }) => ref), problems: problems.filter((problem) => problem !== null) }
}

function namedFiles({ shards, quarantineFile, root }: Manifest): Named[] {
  const quarantine = quarantineFile === null ? [] : [{ ref: quarantineFile, shard: { shard: 'all', root, clips: 0, films: 0, files: [quarantineFile] } }]
  return [...shards.flatMap((shard) => shard.files.map((ref) => ({ ref, shard }))), ...quarantine]
}

async function checkFile(folder: string, { ref, shard }: Named, files: ReadonlyMap<string, string>): Promise<Problem | null> {
  const path = join(folder, 'shards', ref.file)
  const damage = await damageOf(path, ref, { anew: true })
  if (damage === null) return null
  const offsets = damage.code === 'E_FILE_CHANGED' && ref.table === 'pictures' ? await changedPictures(folder, shard, ref) : null
  const affected = ofClips(await affectedClips(folder, shard, ref, offsets ?? undefined))
  const other = damage.code === 'E_FILE_CHANGED' ? files.get(damage.sha256 ?? await hashFile(path) ?? '') : undefined
  if (other !== undefined) return { file: `shards/${ref.file}`, code: 'E_FILE_SWAPPED', message: `it holds what was written to shards/${other}`, ...affected }
  return { file: `shards/${ref.file}`, code: damage.code, message: damage.message, ...affected }
}

const at = (column: string): number => columnsOf('images').findIndex(({ name }) => name === column)
const [HASH, BYTES, FILE, OFFSET] = [at('hash'), at('bytes'), at('file'), at('offset')]

/** Where the pictures begin that no longer have their own sha256; null = it cannot be told, as the table of images is damaged too. */
async function changedPictures(folder: string, shard: ShardRef, { file }: FileRef): Promise<number[] | null> {
  if (!file.endsWith('.parquet')) return null
  const rows = await withDuck((duck) => imageRows(duck, folder, shard), { threads: 1 }).catch(() => null)
  if (rows === null) return null
  const images = await openImages(join(folder, 'shards', file))
  try {
    const offsets = []
    for (const row of rows.filter((row) => row[FILE] === file)) {
      const picture = await images.read({ offset: Number(row[OFFSET]), bytes: Number(row[BYTES]) }).catch(() => null)
      if (picture === null || !isPicture(picture, String(row[HASH]))) offsets.push(Number(row[OFFSET]))
    }
    return offsets
  } finally {
    await images.close()
  }
}
