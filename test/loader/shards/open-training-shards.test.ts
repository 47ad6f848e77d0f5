import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../../src/catalog.ts'
import { ingest } from '../../../src/ingest/ingest.ts'
import { writeTwin } from '../../../src/ingest/synthetic/write-twin.ts'
import { labelNames } from '../../../src/loader/clip-source.ts'
import { sourceOfClips } from '../../../src/loader/memory-source.ts'
import { openTrainingShards, sourceOf } from '../../../src/loader/shards/index.ts'
import { realPenn } from '../../shared.ts'
import { hashTree, temporaryFolder } from '../../store/folder.ts'
import { realThroughShards } from './real-penn.ts'
import { digestOf, expectedClips, openTiny, readAll, tinyClips, tinyStore } from './shards.ts'

const SOME_MEMORY = 2 ** 30

describe('clips come out of shards as out of the store', () => {
  test.each([0, SOME_MEMORY])('of every kind, with %i bytes of memory', async (memoryBytes) => {
    const storeDir = await tinyStore()
    expect(readAll((await openTiny(storeDir, { memoryBytes })).opened)).toEqual(await expectedClips(storeDir))
  })

  test.each(['penn-action', 'ikea-asm', 'h2o'])('of the twin of %s, flaws and all', async (dataset) => {
    const [rawDir, storeDir] = [await temporaryFolder(), await temporaryFolder()]
    const entry = entryOf(await readCatalog(), dataset)
    await writeTwin(entry, rawDir, { clips: 3, seed: 4, frames: false, flaws: true })
    await ingest({ entry, rawDir, storeDir, jobs: 1 })
    const shards = await openTrainingShards({ storeDir, dataset, memoryBytes: SOME_MEMORY })
    expect(readAll(shards.opened).map(digestOf)).toEqual((await expectedClips(storeDir, dataset)).map(digestOf))
    await shards.close()
  })

  test.skipIf(realPenn === null)('of 200 real labels of Penn Action (all in the soak)', async () => {
    const { found, expected } = await realThroughShards({ limit: 200, memoryBytes: [0, SOME_MEMORY] })
    for (const clips of found) expect(clips).toEqual(expected)
  })

  test('only those that are named, in order of id', async () => {
    const storeDir = await tinyStore()
    const ids = ['tiny/ü', 'tiny/0007', 'tiny/b']
    const { opened } = await openTiny(storeDir, { ids })
    expect(readAll(opened)).toEqual(await expectedClips(storeDir, 'tiny', ids))
  })

  test('none where none is named', async () => {
    const { opened } = await openTiny(await tinyStore(), { ids: [] })
    expect(sourceOf(opened).clips.count).toBe(0)
  })

  test('but not of an id that the store does not hold', async () => {
    const storeDir = await tinyStore()
    await expect(openTiny(storeDir, { ids: ['tiny/0001', 'tiny/none'] })).rejects.toMatchObject({ code: 'E_CLIP_UNKNOWN', message: 'no clip "tiny/none" in the store' })
    expect(await readdir(join(storeDir, '.cache/training/.drafts'))).toEqual([])
  })
})

describe('a source of shards', () => {
  test('has the hash, ids, frames and labels of the same clips in memory', async () => {
    const storeDir = await tinyStore()
    const [shards, memory] = [sourceOf((await openTiny(storeDir)).opened), sourceOfClips(await expectedClips(storeDir))]
    expect(shards.hash).toBe(memory.hash)
    expect(shards.clips.count).toBe(tinyClips.length)
    const rows = tinyClips.map((_, row) => row)
    expect(rows.map((row) => shards.clips.id(row))).toEqual(rows.map((row) => memory.clips.id(row)))
    expect(Array.from(shards.clips.frames)).toEqual(Array.from(memory.clips.frames))
    const labelsOf = ({ clips }: typeof memory): unknown => labelNames.map((name) => ({ names: clips.label(name).names, codes: Array.from(clips.label(name).codes) }))
    expect(labelsOf(shards)).toEqual(labelsOf(memory))
  })

  test('gives keypoints alone as read gives them', async () => {
    const source = sourceOf((await openTiny(await tinyStore())).opened)
    for (let row = 0; row < source.clips.count; row++) {
      const { frames, persons, joints, dims, keypoints } = source.read(row)
      expect(source.keypoints(row, 0, frames)).toEqual(keypoints)
      expect(source.keypoints(row, 1, frames - 1)).toEqual(keypoints && keypoints.slice(persons * joints * (dims + 1), (frames - 1) * persons * joints * (dims + 1)))
    }
    source.close()
  })

  test('with memory gives the same keypoints as views of it, without a copy', async () => {
    const { opened } = await openTiny(await tinyStore(), { memoryBytes: SOME_MEMORY })
    const source = sourceOf(opened)
    expect(source.keypoints(3, 0, 1)!.buffer).toBe(opened.kept.memory.buffer)
    expect(source.read(3).keypoints!.buffer).toBe(opened.kept.memory.buffer)
  })
})

describe('the same clips make the same bytes', () => {
  test('into however many shards the store has put them', async () => {
    const trees = []
    for (const bits of [0, 3]) {
      const storeDir = await tinyStore(tinyClips, { bits })
      const { opened } = await openTiny(storeDir, { name: `${bits}` })
      const { used: _, ...files } = await hashTree(opened.folder)
      trees.push(files)
    }
    expect(trees[1]).toEqual(trees[0])
    expect(Object.keys(trees[0]!)).toEqual(['entry.json', 'index.bin', 'shard-00000.arrow'])
  })

  test('and the second time none are written', async () => {
    const storeDir = await tinyStore()
    const first = await openTiny(storeDir)
    const before = await hashTree(first.opened.folder)
    expect((await openTiny(storeDir)).opened.entry).toEqual(first.opened.entry)
    expect(await hashTree(first.opened.folder)).toEqual(before)
  })
})
