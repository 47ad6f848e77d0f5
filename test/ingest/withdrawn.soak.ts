import { existsSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { ingest, type IngestOptions, type IngestResult } from '../../src/ingest/ingest.ts'
import { writeTwin } from '../../src/ingest/synthetic/write-twin.ts'
import { collectGarbage, readClips, removeClips, restoreClips, verify } from '../../src/store/index.ts'
import { temporaryFolder } from '../store/folder.ts'

async function setUp(): Promise<{ storeDir: string; rawDir: string; ids: string[]; run: (change?: Partial<IngestOptions>) => Promise<IngestResult> }> {
  const place = await temporaryFolder()
  const [rawDir, storeDir] = [join(place, 'raw'), join(place, 'store')]
  const entry = entryOf(await readCatalog(), 'penn-action')
  await writeTwin(entry, rawDir, { clips: 6, seed: 2, frames: true })
  const run = (change: Partial<IngestOptions> = {}): Promise<IngestResult> => ingest({ entry, rawDir, storeDir, jobs: 1, frames: 'embed', ...change })
  await run()
  return { storeDir, rawDir, run, ids: (await readClips(storeDir, 'penn-action')).map(({ id }) => id) }
}

const remove = (storeDir: string, ids: readonly string[] | null): Promise<unknown> => removeClips({ storeDir, dataset: 'penn-action', ids, purge: false })

test('no ingest brings back what was removed, whatever has changed, and the rest is not read again', async () => {
  const { storeDir, rawDir, ids, run } = await setUp()
  await remove(storeDir, [ids[2]!])
  const others = ids.filter((id) => id !== ids[2])
  expect(await run()).toMatchObject({ clips: 5, read: 0, complete: false })
  for (const name of readdirSync(join(rawDir, 'labels'))) utimesSync(join(rawDir, 'labels', name), 1, 1)
  expect(await run()).toMatchObject({ clips: 5, read: 6 })
  expect(await run({ frames: 'none' })).toMatchObject({ clips: 5, read: 6 })
  expect((await readClips(storeDir, 'penn-action')).map(({ id }) => id)).toEqual(others)
  expect((await verify(storeDir, 'penn-action', { deep: true })).problems).toEqual([])
})

test('parts that were written before a removal bring nothing back', async () => {
  const { storeDir, rawDir, ids, run } = await setUp()
  const label = join(rawDir, 'labels', readdirSync(join(rawDir, 'labels'))[0]!)
  writeFileSync(label, readFileSync(label))
  await run({ part: { index: 1, of: 1 }, fps: 30 })
  await remove(storeDir, [ids[2]!])
  expect((await run({ fps: 30 })).clips).toBe(5)
})

test('what was removed can be let in again, and is read from its raw files', async () => {
  const { storeDir, ids, run } = await setUp()
  const before = await readClips(storeDir, 'penn-action')
  await remove(storeDir, [ids[2]!])
  expect(await restoreClips(storeDir, 'penn-action', [ids[2]!])).toEqual([ids[2]])
  expect(await run()).toMatchObject({ clips: 6, read: 1 })
  expect(await readClips(storeDir, 'penn-action')).toEqual(before)
  await expect(restoreClips(storeDir, 'penn-action', [ids[2]!])).rejects.toMatchObject({ code: 'E_NOT_WITHDRAWN', message: `no clip that was taken out of penn-action named "${ids[2]}"` })
})

test('a data set that was removed whole is refused by name, until it is let in again', async () => {
  const { storeDir, run } = await setUp()
  await remove(storeDir, null)
  expect(await readClips(storeDir, 'penn-action')).toEqual([])
  expect((await collectGarbage(storeDir, 'penn-action', [])).files).toBeGreaterThan(0)
  expect(existsSync(join(storeDir, 'penn-action/shards')) ? readdirSync(join(storeDir, 'penn-action/shards')) : []).toEqual([])
  await expect(restoreClips(storeDir, 'penn-action', ['penn-action/0001'])).rejects.toMatchObject({ code: 'E_NOT_WITHDRAWN', message: 'all of penn-action was taken out, not "penn-action/0001" alone' })
  await expect(run()).rejects.toMatchObject({
    code: 'E_WITHDRAWN', message: 'penn-action was taken out of this store by posetta remove', hint: 'if it may come back: posetta remove penn-action --restore' })
  await restoreClips(storeDir, 'penn-action', null)
  expect(await run()).toMatchObject({ clips: 6, read: 6 })
  expect((await verify(storeDir, 'penn-action', { deep: true })).problems).toEqual([])
})
