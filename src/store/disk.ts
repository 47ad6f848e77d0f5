import { mkdir, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises'

/** The calls by which the store touches its disk; tests hand in others that fail at the n-th. */
export type Disk = {
  readonly mkdir: (path: string) => Promise<unknown>
  readonly open: typeof open
  readonly readdir: (path: string) => Promise<string[]>
  readonly readFile: (path: string) => Promise<Buffer>
  readonly rename: (from: string, to: string) => Promise<void>
  readonly rm: (path: string, options: { recursive?: boolean; force?: boolean }) => Promise<void>
  readonly rmdir: (path: string) => Promise<void>
  /** A file that another library writes by itself, such as DuckDB. */
  readonly writtenBy: (file: string, write: () => Promise<void>) => Promise<void>
}

export const realDisk: Disk = { mkdir, open, readdir, readFile, rename, rm, rmdir, writtenBy: (_, write) => write() }
