import { existsSync, readdirSync, rmSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeFailure } from '../write-failure.ts'

/** What the name of a file ends with until it is whole. */
const DRAFT = '.tmp'

/** Replaces a file at one stroke: written beside it, synced, renamed. Throws E_DISK_FULL (exit 4) with the old file untouched. */
export async function replaceFile(file: string, content: Uint8Array | string): Promise<void> {
  const draft = `${file}${DRAFT}`
  try {
    await written(draft, content)
    await rename(draft, file)
    await synced(dirname(file))
  } catch (error) {
    await rm(draft, { force: true })
    throw writeFailure(error, file)
  }
}

/** Removes what is half written in a folder, and the lock, for the process that writes there and ends now; a folder that is gone has nothing. */
export function removeDraftsIn(folder: string): void {
  const names = existsSync(folder) ? readdirSync(folder) : []
  for (const name of names) if (name.endsWith(DRAFT) || name === '.lock') rmSync(join(folder, name), { recursive: true, force: true })
}

async function written(file: string, content: Uint8Array | string): Promise<void> {
  const handle = await open(file, 'w')
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The folder's list of names reaches the disk too. */
async function synced(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
