import { ToolkitError, unknownName } from '../errors.ts'
import { filmOf } from '../film.ts'
import { replaceNewest } from './commits.ts'
import { realDisk } from './disk.ts'
import { writeFailure } from './durable.ts'
import { lockFolder } from './lock.ts'
import { datasetFolder, readManifest } from './manifest.ts'
import { readReceipts, writeReceipt } from './receipts.ts'
import { EVERYTHING } from './remove-clips.ts'

/** Lets the next ingest read clips again that `removeClips` took out; null = all of them. Answers their ids. Throws E_NOT_WITHDRAWN for one that was not. */
export async function restoreClips(storeDir: string, dataset: string, ids: readonly string[] | null): Promise<readonly string[]> {
  const folder = datasetFolder(storeDir, dataset)
  await readManifest(storeDir, dataset)
  const unlock = await lockFolder(folder).catch((error: unknown) => Promise.reject(writeFailure(error, storeDir)))
  try {
    const manifest = await readManifest(storeDir, dataset)
    if (ids !== null && manifest.withdrawn.includes(EVERYTHING)) {
      throw new ToolkitError('E_NOT_WITHDRAWN', `all of ${dataset} was taken out, not "${ids[0]}" alone`, { hint: `posetta remove ${dataset} --restore lets all of it be read again` })
    }
    const isNamed = (clip: string): boolean => ids === null || ids.includes(clip) || ids.includes(filmOf(clip))
    const restored = manifest.withdrawn.filter(isNamed)
    const missing = ids?.find((id) => !manifest.withdrawn.some((clip) => clip === id || filmOf(clip) === id))
    if (missing !== undefined) throw unknownName('E_NOT_WITHDRAWN', `clip that was taken out of ${dataset} named`, missing, manifest.withdrawn)
    const films = new Set(restored.map(filmOf))
    const isRestored = ({ id }: { readonly id: string }): boolean => films.has(id) || restored.includes(EVERYTHING)
    for (const [shard, receipt] of await readReceipts(folder, realDisk)) {
      if (!receipt.items.some(isRestored)) continue
      await writeReceipt(folder, shard, { ...receipt, items: receipt.items.map((item) => (isRestored(item) ? { ...item, fingerprint: null } : item)) }, realDisk)
    }
    await replaceNewest(storeDir, { ...manifest, withdrawn: manifest.withdrawn.filter((clip) => !isNamed(clip)) })
    return restored
  } catch (error) {
    throw writeFailure(error, storeDir)
  } finally {
    await unlock()
  }
}
