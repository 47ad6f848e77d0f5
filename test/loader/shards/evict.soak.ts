import { expect, test } from 'vitest'
import { cacheFolder, evictDownTo, evictEntries, listCache, openTrainingShards } from '../../../src/loader/shards/index.ts'
import { openInProcess } from './open-in-process.ts'
import { digestOf, expectedClips, readAll, tinyStore } from './shards.ts'

const rounds = process.env['POSETTA_SOAK'] === 'full' ? 300 : 25

test('who opens while others evict always reads all clips, and nobody fails', async () => {
  const storeDir = await tinyStore()
  const expected = (await expectedClips(storeDir)).map(digestOf)
  const ids = expected.length
  const atWork = { readers: 3, evictions: 0 }
  // what somebody reads is not evicted: they go on until there was a moment between them
  const isEnough = (): boolean => atWork.evictions > rounds / 25
  const reader = async (clips: readonly string[] | undefined): Promise<number> => {
    let [right, round] = [0, 0]
    for (; round < rounds || (round < 20 * rounds && !isEnough()); round++) {
      const { opened, close } = await openTrainingShards({ storeDir, dataset: 'tiny', memoryBytes: 0, ids: clips })
      if (readAll(opened).every((clip) => expected.includes(digestOf(clip)))) right++
      await close()
    }
    atWork.readers--
    return right / round
  }
  const evictor = async (): Promise<void> => {
    for (let round = 0; atWork.readers > 0; round++) {
      const { evicted } = round % 2 === 0 ? await evictEntries(cacheFolder(storeDir), []) : await evictDownTo(cacheFolder(storeDir), 0)
      atWork.evictions += evicted.length
      await listCache(cacheFolder(storeDir))
    }
  }
  const others = Promise.all(Array.from({ length: Math.ceil(rounds / 25) }, () => openInProcess(storeDir).ended))
  const [, ...right] = await Promise.all([evictor(), reader(undefined), reader(undefined), reader(['tiny/0001', 'tiny/0002'])])
  expect(await others).not.toContain('killed')
  expect([ids, right]).toEqual([64, [1, 1, 1]])
  expect(isEnough()).toBe(true)
})
