import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { ToolkitError } from '../errors.ts'
import type { Hash } from '../hash.ts'
import { type RawFolder, unreadable } from './raw-folder.ts'

/** A raw file of which parts are read; `read` answers fewer bytes than asked for where it ends. */
export type OpenFile = { readonly bytes: number; readonly modified: number; read(at: number, length: number): Buffer }

/** Opens a raw file that is too large to be read whole, for as long as `use` runs. Throws E_RAW_READ. */
export function withFile<T>(raw: RawFolder, path: string, use: (file: OpenFile) => T): T {
  const descriptor = orUnreadable(path, () => openSync(raw.full(path), 'r'))
  try {
    const { size, mtimeMs } = orUnreadable(path, () => fstatSync(descriptor))
    return use({ bytes: size, modified: mtimeMs, read: (at, length) => orUnreadable(path, () => readAt(descriptor, at, length)) })
  } finally {
    closeSync(descriptor)
  }
}

/** sha256 of files of which many clips are parts, by path, size and time of change: each is read once in a thread. */
const hashes = new Map<string, Hash>()
const CHUNK = 2 ** 20

/** Size and sha256 of a raw file of any size, 1 MiB in memory at a time. Throws E_RAW_READ. */
export function hashFile(raw: RawFolder, path: string): { readonly path: string; readonly bytes: number; readonly sha256: Hash } {
  return withFile(raw, path, (file) => {
    const key = JSON.stringify([raw.full(path), file.bytes, file.modified])
    const sha256 = hashes.get(key) ?? digest(file)
    hashes.set(key, sha256)
    return { path, bytes: file.bytes, sha256 }
  })
}

function digest(file: OpenFile): Hash {
  const hash = createHash('sha256')
  for (let at = 0; at < file.bytes; at += CHUNK) hash.update(file.read(at, CHUNK))
  return hash.digest('hex')
}

function readAt(descriptor: number, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  let done = 0
  while (done < length) {
    const read = readSync(descriptor, bytes, done, length - done, at + done)
    if (read === 0) break
    done += read
  }
  return bytes.subarray(0, done)
}

function orUnreadable<T>(path: string, call: () => T): T {
  try {
    return call()
  } catch (cause) {
    if (cause instanceof ToolkitError) throw cause
    throw unreadable(path, cause)
  }
}
