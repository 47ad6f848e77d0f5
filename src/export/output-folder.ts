import { existsSync } from 'node:fs'
import { open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { ToolkitError } from '../errors.ts'
import { liesWithin } from '../lies-within.ts'
import { makeFolder, syncFile, syncFolder } from '../store/durable.ts'
import { hashFile } from '../store/hash-file.ts'
import { lockFolder } from '../store/lock.ts'

/** A file that grows. */
export type OutputFile = { readonly bytes: number; write(parts: readonly Uint8Array[]): Promise<void>; close(): Promise<void> }

/** A folder being made: nobody sees it under its name before it is whole. Paths are relative to it, with forward slashes. */
export type OutputFolder = {
  /** Where it lies while it is made. */
  readonly dir: string
  create(path: string): Promise<OutputFile>
  /** Bytes and sha256 of every file, by path, as they lie on the disk. */
  list(): Promise<{ file: string; bytes: number; sha256: string }[]>
  /** Puts it in its place. */
  publish(): Promise<void>
  /** Removes what was not published. */
  close(): Promise<void>
}

const LOCK = '.lock'
/** Files that the disk is asked to keep at a time. */
const AT_ONCE = 16

/** Begins a folder beside its place, where what a killed export left is removed. Throws E_STORE_BUSY while another export makes the same. */
export async function openOutputFolder(output: string): Promise<OutputFolder> {
  const place = resolve(output)
  const dir = join(dirname(place), `.${basename(place)}.posetta`)
  await makeFolder(dir)
  const unlock = await lockFolder(dir)
  const open = new Set<OutputFile>()
  await Promise.all((await readdir(dir)).filter((name) => name !== LOCK).map((name) => rm(join(dir, name), { recursive: true, force: true })))
  return {
    dir,
    async create(path) {
      await makeFolder(dirname(join(dir, path)))
      const file = await createFile(join(dir, path), () => open.delete(file))
      open.add(file)
      return file
    },
    async list() {
      const files = []
      for (const file of await filesIn(dir)) files.push({ file, bytes: (await stat(join(dir, file))).size, sha256: (await hashFile(join(dir, file)))! })
      return files
    },
    async publish() {
      const files = await filesIn(dir)
      for (let start = 0; start < files.length; start += AT_ONCE) await Promise.all(files.slice(start, start + AT_ONCE).map((file) => syncFile(join(dir, file))))
      await unlock()
      if (existsSync(place)) await rmdir(place)
      await rename(dir, place)
      await syncFolder(dirname(place))
    },
    async close() {
      await Promise.allSettled([...open].map((file) => file.close()))
      if (!existsSync(dir)) return
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function createFile(path: string, onClose: () => void): Promise<OutputFile> {
  const handle = await open(path, 'wx')
  let bytes = 0
  return {
    get bytes() { return bytes },
    async write(parts) {
      const all = Buffer.concat(parts)
      bytes += all.length
      for (let at = 0; at < all.length;) at += (await handle.write(all, at)).bytesWritten
    },
    async close() {
      onClose()
      await handle.close()
    },
  }
}

/** Paths of all files under a folder, sorted by code units. */
async function filesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1).replaceAll(sep, '/'))
    .filter((path) => !path.startsWith(`${LOCK}/`)).sort()
}

/** Refuses a place inside the store, by links too, a file, and a folder that holds something. Throws E_EXPORT_DIR. */
export async function checkPlace(output: string, storeDir: string): Promise<void> {
  if (liesWithin(output, storeDir)) {
    throw new ToolkitError('E_EXPORT_DIR', `"${output}" lies in the store`, { hint: 'give a folder of its own with --output' })
  }
  const place = resolve(output)
  if (!existsSync(place)) return
  const isFolder = (await stat(place)).isDirectory()
  if (isFolder && (await readdir(place)).length === 0) return
  throw new ToolkitError('E_EXPORT_DIR', `"${output}" ${isFolder ? 'holds something else' : 'is a file'}`, { hint: 'give a new or empty folder with --output' })
}
