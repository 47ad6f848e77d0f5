import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { entryOf, readCatalog } from '../../../src/catalog.ts'
import type { AdapterContext } from '../../../src/ingest/adapter.ts'
import { writeTwin } from '../../../src/ingest/synthetic/index.ts'
import { contextOf } from '../read-film.ts'

/** What a data set's authors read, with their own code, from our twin of it; `made_by` says how it is recorded again. */
type Recorded = {
  readonly made_by: string
  readonly loader: { readonly repository: string; readonly commit: string; readonly functions: readonly string[] }
}

/** A file of recorded values beside the tests. */
export function recordOf<R extends object>(name: string): Recorded & R {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as Recorded & R
}

/** The twin that was given to the authors' code, written again into a folder that goes when the tests are done. */
export async function twinOf({ dataset, ...options }: { readonly dataset: string; readonly clips: number; readonly seed: number }): Promise<AdapterContext> {
  const dir = newFolder()
  const entry = entryOf(await readCatalog(), dataset)
  await writeTwin(entry, dir, { ...options, frames: false })
  return contextOf(entry, dir)
}

function newFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'posetta-authors-'))
  afterAll(() => rmSync(dir, { recursive: true }))
  return dir
}
