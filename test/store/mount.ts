import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A file system of so many bytes in memory, gone when the test is. */
export function mountTmpfs(bytes: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'posetta-mount-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { stdio: 'pipe' })
  onTestFinished(() => {
    // lazily: DuckDB's results keep files open until they are collected
    execFileSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true })
  })
  return folder
}

/** Makes a mounted file system read-only. */
export function remountReadOnly(folder: string): void {
  execFileSync('mount', ['-o', 'remount,ro', folder], { stdio: 'pipe' })
}

/** Whether this process may mount at all: as root on most machines, not in most containers. */
export const canMount: boolean = (() => {
  const folder = mkdtempSync(join(tmpdir(), 'posetta-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'pipe' })
    execFileSync('umount', [folder], { stdio: 'pipe' })
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true })
  }
})()
