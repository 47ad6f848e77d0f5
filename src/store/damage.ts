import { stat } from 'node:fs/promises'
import type { Hash } from '../hash.ts'
import { hashFile } from './hash-file.ts'

/** How a file differs from what was written; `sha256` = what it has instead, where that was looked at. */
export type Damage = { readonly code: 'E_FILE_MISSING' | 'E_FILE_UNREADABLE' | 'E_FILE_CHANGED'; readonly message: string; readonly sha256?: Hash }

/** Size, times and inode of files that had the sha256 beside it when this process hashed them. */
const sound = new Map<string, { readonly stamp: string; readonly sha256: Hash }>()

/** What a file was written as; `bytes` null = nobody wrote down how many. */
export type Written = { readonly bytes: number | null; readonly sha256: Hash }

/**
 * What is wrong with a file, or null. It is hashed, unless this process has done so and its size, times and inode are still the same; with `anew`
 * in any case. A change that leaves all four as they were (the clock of a file system ticks every few ms) is seen by `anew` alone.
 */
export async function damageOf(path: string, { bytes, sha256: expected }: Written, { anew = false } = {}): Promise<Damage | null> {
  const before = await stampOf(path)
  if ('code' in before) return before
  const known = sound.get(path)
  if (!anew && known?.stamp === before.stamp && known.sha256 === expected) return null
  if (bytes !== null && before.bytes !== bytes) return { code: 'E_FILE_CHANGED', message: `${before.bytes} bytes, written with ${bytes}` }
  const found = await hashFile(path).catch(unreadable)
  if (found === null) return missing
  if (typeof found === 'object') return found
  if (found !== expected) return { code: 'E_FILE_CHANGED', message: 'its sha256 is not the one it was written with', sha256: found }
  const after = await stampOf(path)
  if ('stamp' in after && after.stamp === before.stamp) sound.set(path, { stamp: before.stamp, sha256: expected })
  return null
}

const missing: Damage = { code: 'E_FILE_MISSING', message: 'the manifest names it, the folder lacks it' }

async function stampOf(path: string): Promise<{ stamp: string; bytes: number } | Damage> {
  try {
    const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true })
    return { stamp: `${size} ${mtimeNs} ${ctimeNs} ${ino}`, bytes: Number(size) }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? missing : unreadable(error)
  }
}

function unreadable(error: unknown): Damage {
  return { code: 'E_FILE_UNREADABLE', message: (error as Error).message }
}
