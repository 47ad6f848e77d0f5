import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { damageOf } from './damage.ts'
import { datasetFolder } from './manifest.ts'
import { unsealJson } from './sealed-json.ts'
import { listSplits, readSplit } from './splits.ts'

/** Makes sure that the splits kept beside a data set are as they were written, before their files are scanned. Throws E_SPLIT_DAMAGED. */
export async function trustSplits(storeDir: string, dataset: string): Promise<void> {
  // the reader knows what is wrong
  for (const name of await damagedSplits(storeDir, dataset)) await readSplit(storeDir, dataset, name)
}

/** Names of the splits whose files do not have their sha256; their members are not read. */
export async function damagedSplits(storeDir: string, dataset: string): Promise<string[]> {
  const folder = join(datasetFolder(storeDir, dataset), 'splits')
  const damaged = []
  for (const name of await listSplits(storeDir, dataset)) {
    const header = unsealJson(await readFile(join(folder, `${name}.json`), 'utf8'))
    const sha256 = 'value' in header ? String((header.value as { sha256?: unknown }).sha256) : ''
    if (await damageOf(join(folder, `${name}.parquet`), { bytes: null, sha256 }) !== null) damaged.push(name)
  }
  return damaged
}
