import { join } from 'node:path'
import type { Value } from './canonical.ts'
import { damageOf } from './damage.ts'
import { realDisk } from './disk.ts'
import { withDuck } from './duckdb.ts'
import type { ShardRef } from './manifest.ts'
import { readRows } from './read-parquet.ts'
import { listReceipts } from './receipts.ts'
import { columnsOf, type FileRef } from './schema.ts'

type Suspect = Pick<FileRef, 'table' | 'layout' | 'file'>

/**
 * The clips that lean on a file of a shard, sorted: those of its layout, of the films whose pictures it has (with `offsets` those that
 * begin there), or all of the shard. They are read from tables of the shard that are as they were written, else from its receipt;
 * null = nothing is left that names them.
 */
export async function affectedClips(folder: string, { files }: ShardRef, ref: Suspect, offsets?: readonly number[]): Promise<string[] | null> {
  const rowsOf = async (name: 'clips' | 'images' | 'proxies'): Promise<Value[][] | null> => {
    const source = files.find(({ table }) => table === name)
    if (source === undefined || source.file === ref.file || await damageOf(join(folder, 'shards', source.file), source) !== null) return null
    return withDuck((duck) => readRows(duck, { files: [join(folder, 'shards', source.file)] }, columnsOf(name)), { threads: 1 })
  }
  if (ref.table === 'quarantine') return []
  const clips = await rowsOf('clips')
  if (clips === null) return clipsOfReceipt(folder, ref.file)
  const pictures = ref.table === 'pictures' ? await rowsOf(ref.file.endsWith('.mp4') ? 'proxies' : 'images') : null
  const [file, offset] = ref.file.endsWith('.mp4') ? [at('proxies', 'file'), -1] : [at('images', 'file'), at('images', 'offset')]
  const isThere = (row: readonly Value[]): boolean => row[file] === ref.file && (offsets === undefined || offsets.includes(Number(row[offset])))
  const films = pictures?.filter(isThere).map(([film]) => String(film))
  const isAffected = (clip: readonly Value[]): boolean => {
    if (ref.table === 'frames') return clip[LAYOUT] === ref.layout
    return films === undefined || films.includes(String(clip[FILM]))
  }
  return clips.filter(isAffected).map(([id]) => String(id)).sort()
}

const at = (table: 'clips' | 'images' | 'proxies', column: string): number => columnsOf(table).findIndex(({ name }) => name === column)
const [FILM, LAYOUT] = [at('clips', 'film'), at('clips', 'layout')]

async function clipsOfReceipt(folder: string, file: string): Promise<string[] | null> {
  const receipts = [...(await listReceipts(folder, realDisk)).values()]
  const receipt = receipts.find((one) => one?.shard?.files.some((ref) => ref.file === file))
  return receipt?.items.flatMap((item) => item.clips.map(({ id }) => id)).sort() ?? null
}
