import { dirname } from 'node:path'
import { ToolkitError } from '../errors.ts'
import { writeRefusal } from '../write-failure.ts'
import { type Disk, realDisk } from './disk.ts'

/** Waits until the disk has the file, so that a rename after it never shows half of it. */
export async function syncFile(file: string, disk: Disk = realDisk): Promise<void> {
  const handle = await disk.open(file, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Waits until the disk has the folder's list of names. */
export const syncFolder: (folder: string, disk?: Disk) => Promise<void> = syncFile

/** Makes a folder and those it lies in. Unlike `mkdir` with `recursive` (ENOENT, Node 20) it says EROFS on a read-only file system. */
export async function makeFolder(folder: string, disk: Disk = realDisk): Promise<void> {
  const error = await disk.mkdir(folder).then(() => null, (error: NodeJS.ErrnoException) => error)
  if (error === null || error.code === 'EEXIST') return
  if (error.code !== 'ENOENT' || dirname(folder) === folder) throw error
  await makeFolder(dirname(folder), disk)
  // another writer may have made it in between
  await disk.mkdir(folder).catch((error: NodeJS.ErrnoException) => error.code === 'EEXIST' ? undefined : Promise.reject(error))
}

/** Replaces a file at one stroke: whoever reads it, and whoever pulls the plug, finds all of the old text or all of the new. */
export async function replaceFile(file: string, text: string, disk: Disk = realDisk): Promise<void> {
  const draft = `${file}.tmp`
  try {
    const handle = await disk.open(draft, 'w')
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await disk.rename(draft, file)
  } catch (error) {
    await disk.rm(draft, { force: true }).catch(() => {})
    throw error
  }
  await syncFolder(dirname(file), disk)
}

/** A failure to write, for people: E_DISK_FULL (exit 4), E_STORE_READ_ONLY, E_STORE_PATH (exit 2); anything else as it came. DuckDB's go by their text. */
export function writeFailure(error: unknown, storeDir: string): unknown {
  const text = error instanceof Error ? `${'code' in error ? String(error.code) : ''} ${error.message}` : ''
  const refusal = writeRefusal(error)
  if (refusal === 'full') {
    return new ToolkitError('E_DISK_FULL', `no space left on the disk of store "${storeDir}"`, {
      exit: 4, cause: error, hint: 'free some space and run the same command again; what the store held before is untouched' })
  }
  if (/\bEIO\b|Input\/output error/.test(text)) {
    return new ToolkitError('E_DISK_FAILED', `the disk of store "${storeDir}" failed: EIO`, {
      exit: 4, cause: error, hint: 'look at the disk (dmesg), then run the same command again; what the store held before is untouched' })
  }
  const hint = 'name another folder with --store'
  if (/ENOTDIR/.test(text)) return new ToolkitError('E_STORE_PATH', `store "${storeDir}" is, or lies in, a file`, { cause: error, hint })
  if (refusal === null) return error
  return new ToolkitError('E_STORE_READ_ONLY', `cannot write to store "${storeDir}": ${refusal}`, { cause: error, hint })
}
