import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sha256 } from '../../../src/hash.ts'

/** Every file below a folder, sorted, relative to it. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1)).sort()
}

/** One hash over names and bytes of all of them. */
export function hashOf(folder: string): string {
  return sha256(Buffer.from(filesOf(folder).map((path) => `${path} ${sha256(readFileSync(join(folder, path)))}\n`).join('')))
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'posetta-ikea-'))
}
