import type { Quarantined, SourceRef } from '../../clip.ts'
import { isQuarantined, orQuarantined, type RawFile, type RawFolder } from '../raw-folder.ts'

/** A file about many scans, read: what it says, and what its provenance needs. */
export type SharedFile<Content> = Pick<SourceRef, 'path' | 'bytes' | 'sha256'> & { readonly content: Content }

type Slot = { readonly key: string; readonly read: object }

/** One for each kind of file: the last one read. */
const slots = new Map<string, Slot>()
/** Failures of the disk rather than of the file. */
const passing = new Set(['E_RAW_READ', 'E_SQLITE_OPEN'])

/**
 * Reads a file that every film asks for once in a process, as long as its path, size and time of change stay what they were. `kind` names the slot it is kept
 * in, one file a kind; what cannot be read is remembered too, unless the disk failed.
 */
export function readOnce<Content extends object>(
  raw: RawFolder, path: string, kind: string, parse: (file: RawFile) => Content,
): SharedFile<Content> | Quarantined {
  const stat = raw.stat(path)
  const key = JSON.stringify([raw.full(path), stat?.bytes, stat?.modified])
  const slot = slots.get(kind)
  if (slot?.key === key) return slot.read as SharedFile<Content> | Quarantined
  const file = orQuarantined(path, null, () => raw.read(path))
  if (isQuarantined(file)) return file
  const read = orQuarantined(path, file, () => ({ path, bytes: file.bytes.length, sha256: file.sha256, content: parse(file) }))
  if (!isQuarantined(read) || !passing.has(read.code)) slots.set(kind, { key, read })
  return read
}
