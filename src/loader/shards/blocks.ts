import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { ToolkitError } from '../../errors.ts'
import { type Hash, sha256 } from '../../hash.ts'
import type { Entry } from './entry.ts'

/** Files of an entry in one thread, each opened at its first use. */
export type Files = {
  /** Fills `into` from a place in a file; to be confirmed. Throws E_SHARD_DAMAGED where the file ends before, or is gone. */
  readAt(file: string, start: number, into: Uint8Array): void
  /** The bytes from a place on. Throws E_SHARD_DAMAGED unless they have the sha256. */
  readBlock(file: string, start: number, bytes: number, expected: Hash): Uint8Array
  /** A number of 31 bits for the file as it was when it was opened, never 0: what was checked under the same one need not be checked again. `anew`: opens it once more. */
  stampOf(file: string, anew?: boolean): number
  /** Throws E_SHARD_DAMAGED where a file was changed after it was opened, so that what `readAt` has brought since the last call may be wrong. */
  confirm(): void
  /** E_SHARD_DAMAGED, for a file that has to be opened anew. */
  damaged(file: string, what: string, cause?: unknown): ToolkitError
  close(): void
}

export function openFiles(folder: string, { key, dataset }: Pick<Entry, 'key' | 'dataset'>): Files {
  const open = new Map<string, Open>()
  /** Read from since the last call of `confirm`, and the first of them that was found to be changed. */
  const unconfirmed = new Set<string>()
  let changed: string | null = null

  function damaged(file: string, what: string, cause?: unknown): ToolkitError {
    // whoever makes it anew puts another file in its place
    forget(file)
    // what was read before is asked for again
    unconfirmed.clear()
    changed = null
    return new ToolkitError('E_SHARD_DAMAGED', `"${join(folder, file)}" of the training shards of ${dataset} ${what}`, {
      exit: 4, cause, hint: `posetta cache --evict ${key.slice(0, 12)} removes these shards, and the next training makes them anew from the store` })
  }

  function forget(file: string): void {
    const known = open.get(file)
    if (known === undefined) return
    if (unconfirmed.delete(file) && isChanged(known)) changed ??= file
    closeSync(known.handle)
    open.delete(file)
  }

  function opened(file: string): Open {
    if (!open.has(file)) {
      try {
        const handle = openSync(join(folder, file), 'r')
        const version = versionOf(handle)
        open.set(file, { handle, version, stamp: Number.parseInt(sha256(version).slice(0, 8), 16) >>> 1 || 1 })
      } catch (error) {
        throw damaged(file, `cannot be read: ${(error as Error).message}`, error)
      }
    }
    return open.get(file)!
  }

  function fill(file: string, start: number, into: Uint8Array): void {
    const { handle } = opened(file)
    let at = 0
    try {
      while (at < into.length) {
        const read = readSync(handle, into, at, into.length - at, start + at)
        if (read === 0) break
        at += read
      }
    } catch (error) {
      throw damaged(file, `cannot be read: ${(error as Error).message}`, error)
    }
    if (at < into.length) throw damaged(file, `ends after ${start + at} bytes`)
  }

  return {
    readAt(file, start, into) {
      fill(file, start, into)
      unconfirmed.add(file)
    },
    readBlock(file, start, bytes, expected) {
      const block = new Uint8Array(bytes)
      fill(file, start, block)
      if (sha256(block) !== expected) throw damaged(file, `is not as it was written, somewhere in bytes ${start} to ${start + bytes}`)
      return block
    },
    stampOf(file, anew = false) {
      if (anew) forget(file)
      return opened(file).stamp
    },
    confirm() {
      for (const file of unconfirmed) if (isChanged(open.get(file)!)) forget(file)
      unconfirmed.clear()
      if (changed !== null) throw damaged(changed, 'was changed while it was read')
    },
    damaged,
    close() {
      for (const { handle } of open.values()) closeSync(handle)
      open.clear()
    },
  }
}

/** A file in use, and which version of it. */
type Open = { readonly handle: number; readonly version: string; readonly stamp: number }

function isChanged({ handle, version }: Open): boolean {
  return versionOf(handle) !== version
}

/** Whatever is done to a file changes it; the time of status too, which nobody sets back. */
function versionOf(handle: number): string {
  const { ino, size, ctimeMs } = fstatSync(handle)
  return `${ino} ${size} ${ctimeMs}`
}
