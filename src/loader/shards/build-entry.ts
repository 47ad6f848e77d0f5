import { join } from 'node:path'
import { sha256 } from '../../hash.ts'
import { sealJson, streamClips, syncFolder } from '../../store/index.ts'
import type { Resizing } from '../frames/index.ts'
import { type Entry, ENTRY_FILE, FORMAT, INDEX_FILE, keyOf } from './entry.ts'
import type { EntrySource } from './entry-source.ts'
import { createIndexWriter } from './index-writer.ts'
import { createShardWriter } from './shard-writer.ts'
import type { WrittenPictures } from './picture-writer.ts'
import { writeDurably } from './write-durably.ts'

/** Writes all files of an entry into an empty folder, entry.json last. Throws what `streamClips` throws. */
export async function buildEntry(folder: string, source: EntrySource, signal?: AbortSignal): Promise<Entry> {
  const { storeDir, manifest, ids } = source
  const index = createIndexWriter()
  const writer = createShardWriter(folder, index)
  for await (const clip of streamClips(storeDir, manifest, ids === null ? null : new Set(ids))) {
    signal?.throwIfAborted()
    await writer.add(clip)
  }
  const shards = await writer.finish()
  const pictures = source.pictures === null ? null : await (await import('./write-pictures.ts')).writePictures(folder, source, { signal })
  const { parts, sections, hash, clips, batches } = index.finish(pictures)
  await writeDurably(join(folder, INDEX_FILE), parts)
  const entry: Entry = {
    // in the order of the schema, so that what is read and written again is the same text
    format: FORMAT, key: keyOf(source), dataset: manifest.dataset, root: manifest.root, hash, clips, batches, shards,
    pictures: pictures === null ? null : picturesEntry(source.pictures!, pictures),
    index: { file: INDEX_FILE, bytes: parts.reduce((sum, { length }) => sum + length, 0), sha256: sha256(...parts) }, sections,
  }
  await writeDurably(join(folder, ENTRY_FILE), [Buffer.from(sealJson(entry))])
  await syncFolder(folder)
  return entry
}

function picturesEntry({ short, quality }: Resizing, { files, unreadable }: WrittenPictures): Entry['pictures'] {
  return { short, quality, shards: files, ...(unreadable.length > 0 && { unreadable }) }
}
