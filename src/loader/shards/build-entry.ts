import { join } from 'node:path'
import { sha256 } from '../../hash.ts'
import { type Manifest, sealJson, streamClips, syncFolder } from '../../store/index.ts'
import { type Entry, ENTRY_FILE, FORMAT, INDEX_FILE, keyOf } from './entry.ts'
import { createIndexWriter } from './index-writer.ts'
import { createShardWriter, writeDurably } from './shard-writer.ts'

/** Where the clips of an entry come from: a version of the store; `ids` sorted, null = all of it. */
export type EntrySource = { readonly storeDir: string; readonly manifest: Manifest; readonly ids: readonly string[] | null }

/** Writes all files of an entry into an empty folder, entry.json last. Throws what `streamClips` throws. */
export async function buildEntry(folder: string, { storeDir, manifest, ids }: EntrySource, signal?: AbortSignal): Promise<Entry> {
  const index = createIndexWriter()
  const writer = createShardWriter(folder, index)
  for await (const clip of streamClips(storeDir, manifest, ids === null ? null : new Set(ids))) {
    signal?.throwIfAborted()
    await writer.add(clip)
  }
  const shards = await writer.finish()
  const { parts, sections, ...found } = index.finish()
  await writeDurably(join(folder, INDEX_FILE), parts)
  const entry: Entry = {
    format: FORMAT, key: keyOf({ dataset: manifest.dataset, root: manifest.root, ids }), dataset: manifest.dataset, root: manifest.root, ...found, shards,
    index: { file: INDEX_FILE, bytes: parts.reduce((sum, { length }) => sum + length, 0), sha256: sha256(...parts) }, sections,
  }
  await writeDurably(join(folder, ENTRY_FILE), [Buffer.from(sealJson(entry))])
  await syncFolder(folder)
  return entry
}
