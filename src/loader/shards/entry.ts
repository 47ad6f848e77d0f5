import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type Hash, sha256 } from '../../hash.ts'
import { unsealJson } from '../../store/index.ts'
import type { EntrySource } from './entry-source.ts'

/** Version of all files of an entry: another one is another key. */
export const FORMAT = 1

export const ENTRY_FILE = 'entry.json'
export const INDEX_FILE = 'index.bin'
/** Its time is that of the last use, its text says what the clips were called then. */
export const USED_FILE = 'used'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().min(0)
const file = z.strictObject({ file: z.string().regex(/^[a-z0-9.-]+$/), bytes: count, sha256: hash })
/** `count` numbers (or bytes of text) from `start` on; `bytes` with what fills it up. */
const section = z.strictObject({ name: z.string(), start: count, bytes: count, count, sha256: hash })
const unreadable = z.strictObject({
  film: z.string(), frame: count, path: z.string(), code: z.enum(['E_PICTURE_UNREADABLE', 'E_PICTURE_MISSING', 'E_PICTURE_CHANGED']), fault: z.string(),
})
const entry = z.strictObject({
  format: z.literal(FORMAT),
  key: hash,
  dataset: z.string(),
  /** Of the version that the clips were read from. */
  root: hash,
  /** That of the source: see `ClipSource`. */
  hash,
  clips: count,
  batches: count,
  shards: z.array(file).readonly(),
  /** How small pictures are, and where, and those of which nothing could be made, if any; null = there are none. */
  pictures: z.strictObject({ short: count, quality: count, shards: z.array(file).readonly(), unreadable: z.array(unreadable).readonly().exactOptional() }).nullable(),
  index: file,
  /** What the index file consists of. */
  sections: z.array(section).readonly(),
})

/** What an entry of the cache consists of: written last, sealed by its own sha256. */
export type Entry = Readonly<z.infer<typeof entry>>
export type EntryFile = Readonly<z.infer<typeof file>>
export type Section = Readonly<z.infer<typeof section>>

/** The name of an entry: sha256 of the format, the data, the pictures and the clips, as lines. */
export function keyOf({ manifest: { dataset, root }, ids, pictures }: Pick<EntrySource, 'ids' | 'pictures'> & { readonly manifest: { readonly dataset: string; readonly root: Hash } }): Hash {
  const small = pictures === null ? '' : `pictures ${pictures.short} ${pictures.quality}\n${(pictures.lacking ?? []).map(({ film, frame, code }) => `lacking ${film} ${frame} ${code}\n`).join('')}`
  return sha256(`posetta training shards ${FORMAT}\n${dataset}\n${root}\n${small}`, ids === null ? 'all\n' : `${ids.length}\n${ids.map((id) => `${id}\n`).join('')}`)
}

/** All files of an entry but entry.json itself. */
export function filesOf({ shards, index, pictures }: Entry): readonly EntryFile[] {
  return [index, ...shards, ...(pictures?.shards ?? [])]
}

/** The entry in a folder, as it says of itself; null = there is none, or it cannot be trusted. */
export async function readEntry(folder: string): Promise<Entry | null> {
  const text = await readFile(join(folder, ENTRY_FILE), 'utf8').catch(() => '')
  const unsealed = unsealJson(text)
  const parsed = entry.safeParse('value' in unsealed ? unsealed.value : null)
  return parsed.success ? parsed.data : null
}

/** The entry of a key if all its files are there in full length; what they say is checked where it is read. */
export async function findEntry(folder: string, key: Hash): Promise<Entry | null> {
  const found = await readEntry(folder)
  if (found?.key !== key) return null
  const sizes = await Promise.all(filesOf(found).map(({ file }) => stat(join(folder, file)).then(({ size }) => size, () => -1)))
  return filesOf(found).every(({ bytes }, at) => sizes[at] === bytes) ? found : null
}
