import { unknownName } from '../errors.ts'
import { filmOf } from '../film.ts'
import { realDisk } from './disk.ts'
import { writeFailure } from './durable.ts'
import { lockFolder } from './lock.ts'
import { datasetFolder, readManifest, writeManifest } from './manifest.ts'
import { readReceipts, writeReceipt } from './receipts.ts'

/** Lets the next ingest read clips again that `removeClips` took out; null = all of them. Answers their ids. Throws E_NOT_WITHDRAWN for one that was not. */
export async function restoreClips(storeDir: string, dataset: string, ids: readonly string[] | null): Promise<readonly string[]> {
  const folder = datasetFolder(storeDir, dataset)
  await readManifest(storeDir, dataset)
  const unlock = await lockFolder(folder).catch((error: unknown) => Promise.reject(writeFailure(error, storeDir)))
  try {
    const manifest = await readManifest(storeDir, dataset)
    const isNamed = (clip: string): boolean => ids === null || ids.includes(clip) || ids.includes(filmOf(clip))
    const restored = manifest.withdrawn.filter(isNamed)
    const missing = ids?.find((id) => !manifest.withdrawn.some((clip) => clip === id || filmOf(clip) === id))
    if (missing !== undefined) throw unknownName('E_NOT_WITHDRAWN', `clip that was taken out of ${dataset} named`, missing, manifest.withdrawn)
    const films = new Set(restored.map(filmOf))
    for (const [shard, receipt] of await readReceipts(folder, realDisk)) {
      if (!receipt.items.some(({ id }) => films.has(id))) continue
      await writeReceipt(folder, shard, { ...receipt, items: receipt.items.map((item) => (films.has(item.id) ? { ...item, fingerprint: null } : item)) }, realDisk)
    }
    await writeManifest(storeDir, { ...manifest, withdrawn: manifest.withdrawn.filter((clip) => !isNamed(clip)) })
    return restored
  } catch (error) {
    throw writeFailure(error, storeDir)
  } finally {
    await unlock()
  }
}
