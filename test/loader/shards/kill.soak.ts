import { rm } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { cacheFolder, evictEntries } from '../../../src/loader/shards/index.ts'
import { randomAt } from '../../../src/random.ts'
import { makeClips } from '../../store/clips.ts'
import { hashTree } from '../../store/folder.ts'
import { openInProcess } from './open-in-process.ts'
import { openTiny, tinyStore } from './shards.ts'

const kills = process.env['POSETTA_SOAK'] === 'full' ? 200 : 8

test('a build that is killed at any moment leaves a draft at most, and the next one makes the same entry', async () => {
  const storeDir = await tinyStore(makeClips(3000))
  const began = performance.now()
  await openInProcess(storeDir).ended
  const duration = performance.now() - began
  const undisturbed = await openTiny(storeDir)
  await undisturbed.close()
  const { used: _, ...expected } = await hashTree(undisturbed.opened.folder)
  const ends = { done: 0, killed: 0 }
  for (let kill = 0; kill < kills; kill++) {
    await rm(cacheFolder(storeDir), { recursive: true })
    const child = openInProcess(storeDir)
    await setTimeout(duration * randomAt({ seed: 3, position: kill }).uniform())
    child.kill()
    ends[await child.ended]++
    const { opened, close } = await openTiny(storeDir)
    await close()
    const { used: _, ...found } = await hashTree(opened.folder)
    expect(found, `kill ${kill}`).toEqual(expected)
    await evictEntries(cacheFolder(storeDir), ['none of them'].slice(1))
    expect(Object.keys(await hashTree(cacheFolder(storeDir))), `kill ${kill}`).toEqual([])
  }
  expect(ends.killed).toBeGreaterThan(kills / 2)
})
