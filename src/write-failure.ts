import { ToolkitError } from './errors.ts'

/** Why nothing could be written, by the system's code or, as DuckDB tells it, by its text; null = for another reason. */
export function writeRefusal(error: unknown): 'full' | 'the file system is read-only' | 'permission denied' | null {
  const text = error instanceof Error ? `${'code' in error ? String(error.code) : ''} ${error.message}` : ''
  if (/ENOSPC|EDQUOT|No space left on device|Disk quota exceeded/.test(text)) return 'full'
  if (/EROFS|Read-only file system/.test(text)) return 'the file system is read-only'
  return /EACCES|EPERM|Permission denied|not permitted/.test(text) ? 'permission denied' : null
}

/** A failure to write a file of a run, or one for others, for people: E_DISK_FULL (exit 4), E_RUNS_READ_ONLY (exit 2), anything else as it came. */
export function writeFailure(cause: unknown, file: string): unknown {
  const refusal = writeRefusal(cause)
  if (refusal === null) return cause
  if (refusal !== 'full') return new ToolkitError('E_RUNS_READ_ONLY', `cannot write "${file}": ${refusal}`, { cause, hint: 'name another folder, of runs by --runs' })
  return new ToolkitError('E_DISK_FULL', `no space left on the disk of "${file}"`, {
    exit: 4, cause, hint: 'free some space, then go on with a training by --resume, with anything else by the same command; what the file held before is untouched' })
}
