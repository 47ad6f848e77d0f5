import { closeSync, type Dirent, fstatSync, openSync, readdirSync, readFileSync, type Stats, statSync } from 'node:fs'
import type { Quarantined, SourceRef, SourceRole } from '../clip.ts'
import { ToolkitError } from '../errors.ts'
import { sha256 } from '../hash.ts'
import { FormatError } from './readers/format-error.ts'

/** The file calls a raw folder makes: another set of them, in tests, fails on purpose. */
export type RawCalls = {
  readonly stat: (path: string) => Stats
  readonly list: (path: string) => Dirent[]
  /** The whole of a file; `check` is called with its state before anything is read. */
  readonly read: (path: string, check: (stats: Stats) => void) => Buffer
}

const realCalls: RawCalls = { stat: (path) => statSync(path), list: (path) => readdirSync(path, { withFileTypes: true }), read: readWhole }

export type RawFile = { readonly path: string; readonly bytes: Buffer; readonly sha256: string }
export type RawStat = { readonly isFolder: boolean; readonly bytes: number; readonly modified: number; readonly changed: number }

/** A download as it lies on disk; it is never written to. Every path is relative to it, with forward slashes; one that leads out of it is refused. */
export type RawFolder = {
  readonly dir: string
  /** A file whole, with its hash. Throws E_RAW_READ, E_RAW_LARGE. */
  read(path: string, options?: { maxBytes?: number }): RawFile
  /** Names in a folder, sorted by code units, without those that macOS and archives leave (`._x`, `.DS_Store`, `Thumbs.db`, `__MACOSX`); none when there is no such folder. */
  list(path: string): readonly { readonly name: string; readonly isFolder: boolean }[]
  /** null = there is nothing of that name. */
  stat(path: string): RawStat | null
  /** Where it lies, for a reader that opens files itself. */
  full(path: string): string
}

/** Larger than any annotation of one clip; what is above is not read into memory unless the caller allows it. */
const MAX_BYTES = 64 * 2 ** 20
// oxlint-disable-next-line no-control-regex -- a zero ends a name where C reads it
const leadsOut = /^\/|\\|\0|(?:^|\/)\.\.(?:\/|$)/
const junk = /^(?:\._.*|\.DS_Store|Thumbs\.db|desktop\.ini|__MACOSX)$/

/** In one go, not by promises: for thousands of small files that takes a third of the time. */
export function openRawFolder(dir: string, calls: RawCalls = realCalls): RawFolder {
  const full = (path: string): string => {
    if (leadsOut.test(path)) {
      throw new ToolkitError('E_RAW_PATH', `the path "${path}" leads out of the raw folder`, { hint: 'a list or an archive names it so; it is not followed' })
    }
    // node:path's join takes as long as opening the file
    return path === '' ? dir : `${dir}/${path}`
  }
  return {
    dir,
    full,
    read(path, { maxBytes = MAX_BYTES } = {}) {
      const file = full(path)
      try {
        const bytes = calls.read(file, (stats) => {
          if (!stats.isFile()) throw new ToolkitError('E_RAW_READ', `${path} is no regular file`)
          if (stats.size > maxBytes) throw new ToolkitError('E_RAW_LARGE', `${path} has ${stats.size} bytes, at most ${maxBytes} are read`)
        })
        return { path, bytes, sha256: sha256(bytes) }
      } catch (cause) {
        throw cause instanceof ToolkitError ? cause : unreadable(path, cause)
      }
    },
    list(path) {
      try {
        const names = calls.list(full(path)).filter(({ name }) => !junk.test(name))
        return names.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() || (entry.isSymbolicLink() && leadsToFolder(full(slashed(path, entry.name)), calls)) }))
          .sort((a, b) => (a.name < b.name ? -1 : 1))
      } catch (cause) {
        if (isAbsent(cause)) return []
        throw cause instanceof ToolkitError ? cause : unreadable(path, cause)
      }
    },
    stat(path) {
      try {
        const stats = calls.stat(full(path))
        return { isFolder: stats.isDirectory(), bytes: stats.size, modified: stats.mtimeMs, changed: stats.ctimeMs }
      } catch (cause) {
        if (isAbsent(cause)) return null
        throw cause instanceof ToolkitError ? cause : unreadable(path, cause)
      }
    },
  }
}

/** A link that leads nowhere, or round in a circle, is a file that cannot be read: whoever reads it says so. */
function leadsToFolder(link: string, { stat }: RawCalls): boolean {
  try {
    return stat(link).isDirectory()
  } catch {
    return false
  }
}

/** Opened once: state and bytes are of the same file. */
function readWhole(path: string, check: (stats: Stats) => void): Buffer {
  const file = openSync(path, 'r')
  try {
    check(fstatSync(file))
    return readFileSync(file)
  } finally {
    closeSync(file)
  }
}

function isAbsent(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')
}

/** What is thrown for a raw file that the machine cannot read. */
export function unreadable(path: string, cause: unknown): ToolkitError {
  return new ToolkitError('E_RAW_READ', `cannot read ${path}: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`, { cause })
}

/** A raw file as the provenance of a clip. */
export function sourceOf({ path, bytes, sha256 }: RawFile, role: SourceRole, { frame = null, place = null }: { frame?: number | null; place?: string | null } = {}): SourceRef {
  return { path, bytes: bytes.length, sha256, role, frame, place }
}

const READMIT = 'mend or replace the file and run the same ingest again: what changed is read anew'

/** Does `parse`, and says about a file that is not what it should be what is wrong, where, and which bytes they were. Our own bugs stay errors. */
export function orQuarantined<T extends object>(path: string, file: RawFile | null, parse: () => T): T | Quarantined {
  try {
    return parse()
  } catch (error) {
    return quarantinedBy(error, path, file)
  }
}

/** The entry of the quarantine that an error about a raw file makes; any other error is thrown again. */
export function quarantinedBy(error: unknown, path: string, file: RawFile | null = null): Quarantined {
  if (!(error instanceof ToolkitError)) throw error
  const offset = error instanceof FormatError ? error.offset : null
  return { source: path, code: error.code, message: error.message, offset, sha256: file?.sha256 ?? null, readmit: error.hint ?? READMIT }
}

/** Tells an entry of the quarantine from what was asked for. */
export function isQuarantined(read: object): read is Quarantined {
  return 'readmit' in read && 'code' in read
}

/** Parts of a path, without the empty ones. */
export function slashed(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('/')
}
