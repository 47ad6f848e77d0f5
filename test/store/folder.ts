import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { sha256 } from '../../src/hash.ts'
import { readManifest } from '../../src/store/manifest.ts'
import { allFiles } from '../../src/store/stored-files.ts'

/** A folder that is gone when the test is. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'posetta-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** sha256 of every file under a folder, by path. */
export async function hashTree(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort()
  return Object.fromEntries(await Promise.all(files.map(async (file) => [file.slice(folder.length + 1), sha256(await readFile(file))])))
}

/** `hashTree` of what the newest commit of a data set is made of, receipts among it: what its history keeps beside it is left out. */
export async function hashNewest(storeDir: string, dataset: string): Promise<Record<string, string>> {
  const manifest = await readManifest(storeDir, dataset)
  const files = new Set(allFiles(manifest).map(({ file }) => `${dataset}/shards/${file}`))
  return Object.fromEntries(Object.entries(await hashTree(storeDir)).filter(([file]) => files.has(file) || file.startsWith(`${dataset}/receipts/`)))
}
