import type { Quarantined, SourceRef, SourceRole } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import { quarantinedBy, type RawFile, type RawFolder } from '../../raw-folder.ts'

/** A file about many scans, read: what it says, and what its provenance needs. */
export type SharedFile<Content> = Pick<SourceRef, 'path' | 'bytes' | 'sha256'> & { readonly content: Content }

/** A shared file as the provenance of a clip. */
export function sharedSource({ path, bytes, sha256 }: SharedFile<unknown>, role: SourceRole, place: string | null): SourceRef {
  return { path, bytes, sha256, role, frame: null, place }
}

/** What a file is, and by which words its content is told from that of the same file read otherwise. */
export type SharedKind = { readonly name: string; readonly by?: readonly string[] }

type Slot = { readonly key: string; readonly read: object }

/** One for each kind of file: the last one read. */
const slots = new Map<string, Slot>()
/** Failures of the disk rather than of the file. */
const passing = new Set(['E_RAW_READ', 'E_SQLITE_OPEN'])

/**
 * Reads a file that every film asks for once in a process, as long as its path, size and time of change stay what they were. One file of
 * each kind is kept; what is wrong with a file is remembered too. Throws when the disk fails: without the file every film would be another one.
 */
export function readOnce<Content extends object>(
  raw: RawFolder, path: string, { name, by = [] }: SharedKind, parse: (file: RawFile) => Content,
): SharedFile<Content> | Quarantined {
  const stat = raw.stat(path)
  const key = JSON.stringify([raw.full(path), stat?.bytes, stat?.modified, by])
  const slot = slots.get(name)
  if (slot?.key === key) return slot.read as SharedFile<Content> | Quarantined
  const read = readShared(raw, path, parse)
  slots.set(name, { key, read })
  return read
}

/** Reads a file that several films ask for; throws when the disk fails. */
export function readShared<Content>(raw: RawFolder, path: string, parse: (file: RawFile) => Content): SharedFile<Content> | Quarantined {
  let file: RawFile | null = null
  try {
    file = raw.read(path)
    return { path, bytes: file.bytes.length, sha256: file.sha256, content: parse(file) }
  } catch (error) {
    if (error instanceof ToolkitError && passing.has(error.code)) throw error
    return quarantinedBy(error, path, file)
  }
}
