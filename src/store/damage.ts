import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
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
  const before = stampOf(path)
  if ('code' in before) return before
  const known = sound.get(path)
  if (!anew && known?.stamp === before.stamp && known.sha256 === expected) return null
  if (bytes !== null && before.bytes !== bytes) return { code: 'E_FILE_CHANGED', message: `${before.bytes} bytes, written with ${bytes}` }
  const found = await hashOf(path, before.bytes).catch(unreadable)
  if (found === null) return missing
  if (typeof found === 'object') return found
  if (found !== expected) return { code: 'E_FILE_CHANGED', message: 'its sha256 is not the one it was written with', sha256: found }
  const after = stampOf(path)
  if ('stamp' in after && after.stamp === before.stamp) sound.set(path, { stamp: before.stamp, sha256: expected })
  return null
}

const missing: Damage = { code: 'E_FILE_MISSING', message: 'the manifest names it, the folder lacks it' }

/** Up to this size a file is read at one stroke, without a detour through other threads: a store has thousands of them, and it takes half the time. */
const AT_ONE_STROKE = 4 * 2 ** 20
/** After so many bytes others get their turn: Ctrl-C, the line of progress. */
const TURN = 64 * 2 ** 20
let sinceTurn = 0
/** One buffer serves all files: memory that is new for each costs as much as the hashing. */
const room = Buffer.allocUnsafeSlow(2 ** 18)

async function hashOf(path: string, bytes: number): Promise<Hash | null> {
  if (bytes > AT_ONE_STROKE) return hashFile(path)
  sinceTurn += bytes
  if (sinceTurn > TURN) {
    sinceTurn = 0
    await setImmediate()
  }
  return hashAtOnce(path)
}

function hashAtOnce(path: string): Hash {
  const hash = createHash('sha256')
  const file = openSync(path, 'r')
  try {
    for (;;) {
      const read = readSync(file, room, 0, room.length, null)
      if (read === 0) return hash.digest('hex')
      hash.update(room.subarray(0, read))
    }
  } finally {
    closeSync(file)
  }
}

function stampOf(path: string): { stamp: string; bytes: number } | Damage {
  try {
    const { size, mtimeNs, ctimeNs, ino } = statSync(path, { bigint: true })
    return { stamp: `${size} ${mtimeNs} ${ctimeNs} ${ino}`, bytes: Number(size) }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? missing : unreadable(error)
  }
}

function unreadable(error: unknown): Damage {
  return { code: 'E_FILE_UNREADABLE', message: (error as Error).message }
}
