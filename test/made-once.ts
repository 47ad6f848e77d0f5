import { existsSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { entryOf, readCatalog } from '../src/catalog.ts'
import { sha256 } from '../src/hash.ts'
import { ingest, type IngestOptions } from '../src/ingest/ingest.ts'
import { type TwinOptions, writeTwin } from '../src/ingest/synthetic/index.ts'

const making = new Map<string, Promise<string>>()

/**
 * A folder that is made once in a run of tests, whichever files ask for what `name` says: only to be read, or copied. It is there whole or not at all: a second
 * worker that makes it at the same time keeps the one that was there first.
 */
export function madeOnce(name: string, make: (folder: string) => Promise<unknown>): Promise<string> {
  const place = join(tmpdir(), `made-once-${sha256(name).slice(0, 16)}`)
  const made = making.get(place) ?? makeAt(place, make)
  making.set(place, made)
  return made
}

async function makeAt(place: string, make: (folder: string) => Promise<unknown>): Promise<string> {
  if (existsSync(place)) return place
  const draft = await mkdtemp(`${place}-`)
  await make(draft)
  await rename(draft, place).catch(async (error: unknown) => {
    if (!existsSync(place)) throw error
    await rm(draft, { recursive: true })
  })
  return place
}

/** The raw folder of a twin. */
export function twinOnce(dataset: string, asked: TwinOptions): Promise<string> {
  return madeOnce(`twin of ${dataset} ${JSON.stringify(asked)}`, async (folder) => writeTwin(entryOf(await readCatalog(), dataset), folder, asked))
}

/** The store of a twin that was ingested with its pictures so. */
export function twinStoreOnce(dataset: string, asked: TwinOptions, frames: NonNullable<IngestOptions['frames']> = 'none'): Promise<string> {
  return madeOnce(`store of ${dataset} ${JSON.stringify(asked)} ${frames}`, async (storeDir) => {
    await ingest({ entry: entryOf(await readCatalog(), dataset), rawDir: await twinOnce(dataset, asked), storeDir, jobs: 1, frames })
  })
}
