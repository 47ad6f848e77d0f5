import { join } from 'node:path'
import { z } from 'zod'
import { sha256 } from '../hash.ts'
import type { Disk } from './disk.ts'
import { replaceFile } from './durable.ts'
import { layoutSchema, quarantined, shardRef } from './manifest.ts'
import { sealJson, unsealJson } from './sealed-json.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().min(0)
const item = z.strictObject({
  id: z.string(),
  /** What the raw files looked like that it was read from; null = it is to be read again in any case. */
  fingerprint: z.string().nullable(),
  clips: z.array(z.strictObject({ id: z.string(), hash, group: z.string(), frames: count, side: z.string().nullable() })),
  images: count,
  /** The logical hash of the film's pictures; null = it has none. */
  film: hash.nullable(),
  quarantined: z.array(quarantined),
})
const receipt = z.strictObject({
  format: z.literal(1),
  /** What else the reading depends on: the catalog entry, the options, the version. */
  key: hash,
  bits: count,
  layouts: z.array(layoutSchema),
  items: z.array(item),
  /** null = none of the items gave a clip. */
  shard: shardRef.nullable(),
})

/**
 * What a shard was made of: written when its files are safe on disk, whatever becomes of the commit. By it an ingest knows what an earlier one,
 * finished or killed, has done already. It is no part of the data: without it everything is read again, to the same end.
 */
export type Receipt = Readonly<z.infer<typeof receipt>>

/** The receipts of a data set by shard, but for those that are damaged or whose files are missing or changed. Image files are held against their size alone. */
export async function readReceipts(folder: string, disk: Disk): Promise<Map<string, Receipt>> {
  const receipts = new Map<string, Receipt>()
  for (const [shard, found] of await listReceipts(folder, disk)) if (found !== null && await isIntact(folder, found, disk)) receipts.set(shard, found)
  return receipts
}

/** Every receipt of a data set by shard, whatever has become of its files; null = it is damaged. */
export async function listReceipts(folder: string, disk: Disk): Promise<Map<string, Receipt | null>> {
  const receipts = new Map<string, Receipt | null>()
  for (const name of await namesIn(join(folder, 'receipts'), disk)) {
    const unsealed = unsealJson((await disk.readFile(join(folder, 'receipts', name))).toString('utf8'))
    const parsed = receipt.safeParse('value' in unsealed ? unsealed.value : null)
    receipts.set(name.slice(0, -'.json'.length), parsed.success ? parsed.data : null)
  }
  return receipts
}

async function isIntact(folder: string, { shard }: Receipt, disk: Disk): Promise<boolean> {
  for (const { table, file, bytes, sha256: expected } of shard?.files ?? []) {
    const path = join(folder, 'shards', file)
    if (table === 'pictures' ? await sizeOf(path, disk) !== bytes : sha256(await disk.readFile(path).catch(() => '')) !== expected) return false
  }
  return true
}

async function sizeOf(path: string, disk: Disk): Promise<number> {
  const handle = await disk.open(path, 'r').catch(() => null)
  if (handle === null) return -1
  try {
    return (await handle.stat()).size
  } finally {
    await handle.close()
  }
}

/** Keeps the receipt of a shard. */
export async function writeReceipt(folder: string, shard: string, receipt: Receipt, disk: Disk): Promise<void> {
  await replaceFile(join(folder, 'receipts', `${shard}.json`), sealJson(receipt), disk)
}

/** Names in the folder of receipts, sorted; none when there is no such folder. */
async function namesIn(folder: string, disk: Disk): Promise<string[]> {
  const names = await disk.readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names.filter((name) => name.endsWith('.json')).sort()
}
