import { cp, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTrainingShards } from '../../../src/loader/shards/index.ts'
import { makeClip } from '../../store/clips.ts'
import { flipBit } from '../../store/flip.ts'
import { temporaryFolder } from '../../store/folder.ts'
import { digestOf, expectedClips, openTiny, readAll, writeTiny } from './shards.ts'

/** A store of 36 clips of 1 MB, a batch each, 16 to a shard; what they are; and a cache with their shards, of which tests take a copy. */
let storeDir: string
let made: string
let expected: readonly string[]
beforeAll(async () => {
  storeDir = await mkdtemp(join(tmpdir(), 'posetta-shards-'))
  made = await mkdtemp(join(tmpdir(), 'posetta-shards-'))
  const long = makeClip('tiny/long', { frames: 22_000 })
  await writeTiny(storeDir, Array.from({ length: 36 }, (_, at) => {
    const keypoints = long.keypoints!.slice()
    keypoints[0] = at
    return { ...long, id: `tiny/${at}`, keypoints, raw: null }
  }))
  expected = (await expectedClips(storeDir)).map(digestOf)
  await (await openTrainingShards({ storeDir, dataset: 'tiny', memoryBytes: 0, cacheDir: made })).close()
})
afterAll(() => Promise.all([storeDir, made].map((folder) => rm(folder, { recursive: true }))))

async function copyOfCache(): Promise<string> {
  const cacheDir = await temporaryFolder()
  await cp(made, cacheDir, { recursive: true })
  return cacheDir
}

describe('clips in several shards', () => {
  test('come back as they were, from disk, in memory and some of each', async () => {
    for (const memoryBytes of [0, 2 ** 25, 2 ** 30]) {
      const { opened } = await openTiny(storeDir, { memoryBytes, cacheDir: made })
      expect(opened.resident.filter((memory) => memory !== null)).toHaveLength({ 0: 0, [2 ** 25]: 1, [2 ** 30]: 3 }[memoryBytes]!)
      expect(readAll(opened).map(digestOf)).toEqual(expected)
    }
  })

  test('of which one is damaged: that one is made anew, the others are left alone', async () => {
    const { opened, heal } = await openTiny(storeDir, { cacheDir: await copyOfCache() })
    const files = opened.entry.shards.map(({ file }) => join(opened.folder, file))
    const inodes = (): Promise<number[]> => Promise.all(files.map(async (file) => (await stat(file)).ino))
    const before = await inodes()
    await flipBit(files[1]!, 9_000_000)
    expect(() => readAll(opened)).toThrow(/shard-00001\.arrow" of the training shards of tiny is not as it was written, somewhere in bytes \d+ to \d+$/)
    expect(await heal()).toEqual(['shard-00001.arrow'])
    expect((await inodes()).map((inode, at) => inode === before[at])).toEqual([true, false, true])
    expect(readAll(opened).map(digestOf)).toEqual(expected)
  })

  test('that were swapped are told apart', async () => {
    const { opened, heal } = await openTiny(storeDir, { cacheDir: await copyOfCache() })
    const [first, second] = opened.entry.shards.map(({ file }) => join(opened.folder, file))
    await rename(first!, `${first}.aside`)
    await rename(second!, first!)
    await rename(`${first}.aside`, second!)
    expect(() => readAll(opened)).toThrow(expect.objectContaining({ code: 'E_SHARD_DAMAGED' }))
    expect(await heal()).toEqual(['shard-00000.arrow', 'shard-00001.arrow'])
    expect(readAll(opened).map(digestOf)).toEqual(expected)
  })
})
