import { readdirSync, writeFileSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../src/catalog.ts'
import { ingest, type IngestOptions } from '../../src/ingest/ingest.ts'
import { reproduceData } from '../../src/jobs/reproduce-data.ts'
import { readManifest, removeClips } from '../../src/store/index.ts'
import type { RunRecord } from '../../src/train/index.ts'
import { twinOnce } from '../made-once.ts'
import { temporaryFolder } from '../store/folder.ts'

/** Four videos without pictures, the first of them also with pictures. */
const twins = { 'labels-only': { clips: 4, seed: 1, frames: false }, pictures: { clips: 1, seed: 1, frames: true } }
let entry: DatasetEntry
beforeAll(async () => { entry = entryOf(await readCatalog(), 'penn-action') })

/** Ingests a raw folder, lets `change` be at it and at the store, and reads the raw folder again; of the version then, or with `isOld` of the one before the change. */
async function again(options: Partial<IngestOptions>, { raw = 'labels-only', before = async () => {}, change = async () => {}, isOld = false }: {
  raw?: keyof typeof twins; before?: (places: Places) => Promise<void>; change?: (places: Places) => Promise<void>; isOld?: boolean
} = {}) {
  const [rawDir, storeDir, scratch] = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()]
  await cp(await twinOnce('penn-action', twins[raw]), rawDir, { recursive: true })
  await before({ rawDir, storeDir })
  const { root: old } = await ingest({ entry, rawDir, storeDir, jobs: 1, ...options })
  await change({ rawDir, storeDir })
  const { root } = await readManifest(storeDir, 'penn-action')
  return reproduceData({ storeDir, record: { run: 'r', dataset: 'penn-action', root: isOld ? old : root } as RunRecord, entry, rawDir, scratch, jobs: 1 })
}
type Places = { readonly rawDir: string; readonly storeDir: string }
const labelsOf = (rawDir: string): string[] => readdirSync(join(rawDir, 'labels')).sort().map((name) => join(rawDir, 'labels', name))

describe('a version is read again as it was ingested', () => {
  test.each<[string, keyof typeof twins, Partial<IngestOptions>]>([
    ['with pictures by reference', 'pictures', {}], ['with pictures embedded, in whole steps', 'pictures', { frames: 'embed', precision: 'int16' }],
    ['without pictures, although they are there', 'pictures', { frames: 'none' }], ['at frames per second of the user\'s own', 'labels-only', { fps: 12.5 }],
    ['a few films of it', 'labels-only', { limit: 2 }],
  ])('%s', async (_, raw, options) => {
    expect(await again(options, { raw })).toMatchObject({ differences: [], notes: [], isSound: true })
  })

  test('with what was set aside set aside', async () => {
    const before = async ({ rawDir }: Places) => writeFileSync(labelsOf(rawDir)[1]!, 'not a MAT file')
    expect((await again({}, { before })).differences).toEqual([])
  })

  test.each([false, true])('without what was removed (purged: %s)', async (purge) => {
    const change = async ({ storeDir }: Places) => void await removeClips({ storeDir, dataset: 'penn-action', ids: ['penn-action/1149'], purge })
    expect((await again({}, { change })).differences).toEqual([])
  })
})

describe('what is another in the raw folder is named', () => {
  test('a clip that is gone, and one that cannot be read', async () => {
    const change = async ({ rawDir }: Places) => {
      await rm(labelsOf(rawDir)[0]!)
      writeFileSync(labelsOf(rawDir)[1]!, 'not a MAT file')
    }
    const { differences } = await again({}, { change })
    expect(differences.map(({ what }) => what)).toEqual(['root of the data', expect.stringMatching(/^clip penn-action\/\d+ \(and 1 more\)$/), 'set aside'])
    expect(differences.at(-1)).toMatchObject({ was: '', is: expect.stringMatching(/^labels\/\d+\.mat: E_MAT_NOT_MAT$/) as string })
  })
})

test('a root with purged leaves is not rebuilt, and that is noted', async () => {
  const change = async ({ storeDir }: Places) => void await removeClips({ storeDir, dataset: 'penn-action', ids: ['penn-action/1149'], purge: true })
  expect(await again({}, { change, isOld: true })).toMatchObject({
    differences: [], notes: [{ what: 'root', is: 'counts what was purged (1): clips are compared one by one' }] })
})
