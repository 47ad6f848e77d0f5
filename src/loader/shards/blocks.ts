import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { ToolkitError } from '../../errors.ts'
import { type Hash, sha256 } from '../../hash.ts'
import type { Entry } from './entry.ts'

/** Files of an entry in one thread, each opened at its first use. */
export type Files = {
  /** Fills `into` from a place in a file. Throws E_SHARD_DAMAGED where the file ends before, or is gone. */
  readAt(file: string, start: number, into: Uint8Array): void
  /** The bytes from a place on. Throws E_SHARD_DAMAGED unless they have the sha256. */
  readBlock(file: string, start: number, bytes: number, expected: Hash): Uint8Array
  close(): void
}

export function openFiles(folder: string, { key, dataset }: Pick<Entry, 'key' | 'dataset'>): Files {
  const open = new Map<string, number>()

  function damaged(file: string, what: string, cause?: unknown): ToolkitError {
    // whoever makes it anew puts another file in its place
    if (open.has(file)) closeSync(open.get(file)!)
    open.delete(file)
    return new ToolkitError('E_SHARD_DAMAGED', `"${join(folder, file)}" of the training shards of ${dataset} ${what}`, {
      exit: 4, cause, hint: `posetta cache --evict ${key.slice(0, 12)} removes these shards, and the next training makes them anew from the store` })
  }

  function readAt(file: string, start: number, into: Uint8Array): void {
    let at = 0
    try {
      if (!open.has(file)) open.set(file, openSync(join(folder, file), 'r'))
      while (at < into.length) {
        const read = readSync(open.get(file)!, into, at, into.length - at, start + at)
        if (read === 0) break
        at += read
      }
    } catch (error) {
      throw damaged(file, `cannot be read: ${(error as Error).message}`, error)
    }
    if (at < into.length) throw damaged(file, `ends after ${start + at} bytes`)
  }

  return {
    readAt,
    readBlock(file, start, bytes, expected) {
      const block = new Uint8Array(bytes)
      readAt(file, start, block)
      if (sha256(block) !== expected) throw damaged(file, `is not as it was written, somewhere in bytes ${start} to ${start + bytes}`)
      return block
    },
    close() {
      for (const file of open.values()) closeSync(file)
      open.clear()
    },
  }
}
