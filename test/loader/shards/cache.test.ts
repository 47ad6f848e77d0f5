import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { removeJob } from '../../../src/jobs/remove.ts'
import { examineStore } from '../../../src/jobs/examine-store.ts'
import { draftsFolder, whileBuilding } from '../../../src/loader/shards/cache-folder.ts'
import { cacheFolder, evictDownTo, evictEntries, listCache, openTrainingShards } from '../../../src/loader/shards/index.ts'
import { collectGarbage, listDatasets, verify } from '../../../src/store/index.ts'
import { hashTree, temporaryFolder } from '../../store/folder.ts'
import { canMount, mountTmpfs, remountReadOnly } from '../../store/mount.ts'
import { openInProcess } from './open-in-process.ts'
import { openTiny, readAll, tinyStore } from './shards.ts'

/** No process has it: beyond what a kernel gives out. */
const NOBODY = 4_194_999

describe('who builds at once', () => {
  test('in one process ends with one entry', async () => {
    const storeDir = await tinyStore()
    const opened = await Promise.all(Array.from({ length: 4 }, () => openTiny(storeDir)))
    expect(new Set(opened.map(({ opened }) => opened.folder)).size).toBe(1)
    expect(await readdir(join(storeDir, '.cache/training/.drafts'))).toEqual([])
  })

  test('in two processes ends with one entry, the bytes of which are those of one alone', async () => {
    const [storeDir, alone] = [await tinyStore(), await tinyStore()]
    await Promise.all([openInProcess(storeDir), openInProcess(storeDir)].map(({ ended }) => ended))
    const [one] = await listCache(cacheFolder(storeDir))
    const { opened: { folder } } = await openTiny(alone)
    const { used: _, ...expected } = await hashTree(folder)
    const { used: __, ...found } = await hashTree(join(cacheFolder(storeDir), one!.key))
    expect(found).toEqual(expected)
  })
})

describe('a lock', () => {
  test('of a process that is no more is passed over, and its draft thrown away', async () => {
    const storeDir = await tinyStore()
    const { opened: { entry: { key }, folder }, close } = await openTiny(storeDir)
    await close()
    await rm(folder, { recursive: true })
    const drafts = draftsFolder(cacheFolder(storeDir), key)
    await mkdir(join(drafts, '.lock'), { recursive: true })
    await writeFile(join(drafts, '.lock', `${hostname()}~${NOBODY}~1~0~all`), '')
    await mkdir(join(drafts, 'half'))
    await writeFile(join(drafts, 'half/shard-00000.arrow'), 'ARROW1')
    await openTiny(storeDir)
    expect(existsSync(drafts)).toBe(false)
  })

  test('of a machine that may be no more is not waited for for ever', async () => {
    const cacheDir = await temporaryFolder()
    const lock = join(draftsFolder(cacheDir, 'a'.repeat(64)), '.lock')
    await mkdir(lock, { recursive: true })
    await writeFile(join(lock, 'elsewhere~7~1~0~all'), '')
    expect(await whileBuilding(cacheDir, 'a'.repeat(64), async (isAlone) => isAlone, { attempts: 1 })).toBe(false)
  })
})

describe('the list', () => {
  test('tells of every entry, the least recently used first', async () => {
    const storeDir = await tinyStore()
    const cacheDir = cacheFolder(storeDir)
    const [all, two] = [await openTiny(storeDir, { name: 'split official, train' }), await openTiny(storeDir, { ids: ['tiny/0001', 'tiny/0002'] })]
    await utimes(join(all.opened.folder, 'used'), 1000, 1000)
    await two.close()
    const expected = (shards: typeof all): object => ({ key: shards.opened.entry.key, dataset: 'tiny', clips: shards.opened.entry.clips })
    expect(await listCache(cacheDir)).toMatchObject([
      { ...expected(all), name: 'split official, train', lastUsed: '1970-01-01T00:16:40.000Z', inUse: true }, { ...expected(two), name: '2 clips', inUse: false }])
  })

  test('is empty where there is no cache', async () => {
    expect(await listCache(join(await temporaryFolder(), 'none'))).toEqual([])
  })
})

describe('eviction', () => {
  test('lets go of all that nobody reads', async () => {
    const storeDir = await tinyStore()
    const cacheDir = cacheFolder(storeDir)
    const used = await openTiny(storeDir)
    const unused = await openTrainingShards({ storeDir, dataset: 'tiny', ids: ['tiny/0001'], memoryBytes: 0 })
    await unused.close()
    const { evicted, inUse } = await evictEntries(cacheDir, [])
    expect([evicted, inUse].map((entries) => entries.map(({ key }) => key))).toEqual([[unused.opened.entry.key], [used.opened.entry.key]])
    expect((await listCache(cacheDir)).map(({ key }) => key)).toEqual([used.opened.entry.key])
    await used.close()
    expect((await evictEntries(cacheDir, [used.opened.entry.key.slice(0, 8)])).evicted).toHaveLength(1)
    expect(await readdir(cacheDir)).toEqual(['.drafts', '.users'])
  })

  test('by size lets go of the least recently used', async () => {
    const storeDir = await tinyStore()
    const cacheDir = cacheFolder(storeDir)
    for (const [day, id] of ['tiny/0001', 'tiny/0002', 'tiny/0003'].entries()) {
      const { opened, close } = await openTiny(storeDir, { ids: [id], name: id })
      await close()
      await utimes(join(opened.folder, 'used'), 86_400 * day, 86_400 * day)
    }
    const sizes = (await listCache(cacheDir)).map(({ bytes }) => bytes)
    const { evicted } = await evictDownTo(cacheDir, sizes[1]! + sizes[2]!)
    expect(evicted.map(({ name }) => name)).toEqual(['tiny/0001'])
    expect((await listCache(cacheDir)).map(({ name }) => name)).toEqual(['tiny/0002', 'tiny/0003'])
  })

  test('of a key that is not there names those that are', async () => {
    const storeDir = await tinyStore()
    const { opened: { entry: { key } } } = await openTiny(storeDir)
    await expect(evictEntries(cacheFolder(storeDir), ['xyz'])).rejects.toMatchObject({ code: 'E_CACHE_KEY', hint: expect.stringContaining(key.slice(0, 12)) })
  })

  test('throws away what killed builders have left', async () => {
    const cacheDir = await temporaryFolder()
    await mkdir(join(cacheDir, '.drafts', 'b'.repeat(64), 'half'), { recursive: true })
    await evictEntries(cacheDir, [])
    expect(await readdir(join(cacheDir, '.drafts'))).toEqual([])
  })
})

describe('a cache in a store', () => {
  test('is no data set, and nothing that verify, doctor or gc speak of', async () => {
    const storeDir = await tinyStore()
    const { opened: { folder } } = await openTiny(storeDir)
    const before = await hashTree(folder)
    expect(await listDatasets(storeDir)).toEqual(['tiny'])
    expect((await verify(storeDir, 'tiny', { deep: true })).problems).toEqual([])
    expect((await examineStore(storeDir)).map(({ name, state }) => [name, state])).toEqual([['tiny', 'ok']])
    expect((await collectGarbage(storeDir, 'tiny', [])).files).toBe(0)
    expect(await hashTree(folder)).toEqual(before)
  })

  test('keeps nothing of a data set that clips were purged from', async () => {
    const storeDir = await tinyStore()
    await openTiny(storeDir)
    await removeJob({ storeDir, runsDir: join(storeDir, 'runs'), catalogFiles: [], dataset: 'tiny', ids: ['tiny/0001'], where: null, purge: true })
    expect(await listCache(cacheFolder(storeDir))).toEqual([])
  })

})

describe.skipIf(!canMount)('a cache on a disk of its own (needs to mount)', () => {
  test('that is read-only is read all the same, and nothing new is made there', async () => {
    const [storeDir, cacheDir] = [await tinyStore(), mountTmpfs(2 ** 24)]
    const { close } = await openTiny(storeDir, { cacheDir })
    await close()
    remountReadOnly(cacheDir)
    expect(readAll((await openTiny(storeDir, { cacheDir })).opened)).toHaveLength(64)
    await expect(openTiny(storeDir, { cacheDir, ids: ['tiny/0001'] })).rejects.toMatchObject({
      code: 'E_CACHE_READ_ONLY', message: `cannot write training shards to "${cacheDir}"`, hint: 'name a folder that you may write to as the cache' })
  })

  test('that is full is told of, and nothing is left there', async () => {
    const [storeDir, cacheDir] = [await tinyStore(), mountTmpfs(2 ** 15)]
    await expect(openTiny(storeDir, { cacheDir })).rejects.toMatchObject({ code: 'E_DISK_FULL', exit: 4 })
    expect(await hashTree(cacheDir)).toEqual({})
  })
})
