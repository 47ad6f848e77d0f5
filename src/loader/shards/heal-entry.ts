import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ToolkitError } from '../../errors.ts'
import { filmOf } from '../../film.ts'
import { hashFile, makeFolder, replaceFile, sealJson, streamClips, syncFolder } from '../../store/index.ts'
import { openFiles } from './blocks.ts'
import { buildEntry } from './build-entry.ts'
import { draftName } from './cache-folder.ts'
import type { EntrySource } from './entry-source.ts'
import { type Entry, ENTRY_FILE, type EntryFile, filesOf, readEntry } from './entry.ts'
import { type IndexReader, readIndex } from './index-reader.ts'
import { createIndexWriter } from './index-writer.ts'
import { openEntry } from './opened.ts'
import { pictureShardName, shardName } from './shard-name.ts'
import { createShardWriter } from './shard-writer.ts'

/**
 * Hashes every file of an entry and makes those anew that are not as they were written: of a shard its own clips are read, for the index all. Answers their names.
 * Throws E_SHARDS_LOST when the store does not give the same bytes any more, and what `streamClips` throws.
 */
export async function healEntry(folder: string, entry: Entry, { source, drafts }: { readonly source: EntrySource; readonly drafts: string }): Promise<readonly string[]> {
  const damaged = []
  for (const file of filesOf(entry)) if (await hashFile(join(folder, file.file)).catch(() => null) !== file.sha256) damaged.push(file)
  const draft = join(drafts, draftName())
  try {
    await makeFolder(draft)
    await makeFolder(folder)
    if (damaged.some(({ file }) => file === entry.index.file)) await buildEntry(draft, source)
    else for (const file of damaged) await remakeShard(draft, file, { folder, entry, source })
    for (const file of damaged) await putBack(draft, folder, file)
    if (JSON.stringify(await readEntry(folder)) !== JSON.stringify(entry)) await replaceFile(join(folder, ENTRY_FILE), sealJson(entry))
    await syncFolder(folder)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return damaged.map(({ file }) => file)
}

/** Writes one shard, of clips or of pictures, into the draft, under its own name. */
async function remakeShard(draft: string, { file }: EntryFile, { folder, entry, source }: { folder: string; entry: Entry; source: EntrySource }): Promise<void> {
  const files = openFiles(folder, entry)
  const index = readIndex(openEntry(folder, entry, 0), files)
  const isPictures = entry.pictures?.shards.some((shard) => shard.file === file) ?? false
  const ids = isPictures ? clipsWithPictures(index, file) : clipsIn(index, file)
  files.close()
  const alone = join(draft, 'alone')
  await makeFolder(alone)
  const [made] = isPictures ? (await (await import('./write-pictures.ts')).writePictures(alone, source, { films: new Set(ids.map(filmOf)) })).files : await writeClips(alone, source, new Set(ids))
  await rename(join(alone, made!.file), join(draft, file))
}

async function writeClips(folder: string, { storeDir, manifest }: EntrySource, ids: ReadonlySet<string>): Promise<readonly EntryFile[]> {
  const writer = createShardWriter(folder, createIndexWriter())
  for await (const clip of streamClips(storeDir, manifest, ids)) await writer.add(clip)
  return writer.finish()
}

function clipsIn(index: IndexReader, file: string): string[] {
  const shards = index.numbers('batch.shard')
  return Array.from(index.numbers('batch')).flatMap((batch, row) => (shardName(shards[batch]!) === file ? [index.id(row)] : []))
}

function clipsWithPictures(index: IndexReader, file: string): string[] {
  const [ends, shards] = [index.numbers('pictures.end'), index.numbers('picture.shard')]
  return Array.from(index.numbers('pictures.start')).flatMap((start, row) => (start < ends[row]! && pictureShardName(shards[start]!) === file ? [index.id(row)] : []))
}

async function putBack(draft: string, folder: string, { file, sha256 }: EntryFile): Promise<void> {
  if (await hashFile(join(draft, file)) !== sha256) {
    throw new ToolkitError('E_SHARDS_LOST', `"${join(folder, file)}" is damaged, and the store makes another file of the same clips`, {
      exit: 4, hint: 'posetta verify --deep says whether the store is sound; posetta cache --evict lets go of these shards' })
  }
  await rename(join(draft, file), join(folder, file))
}
