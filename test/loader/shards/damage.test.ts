import { appendFile, cp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sha256 } from '../../../src/hash.ts'
import type { ClipSource } from '../../../src/loader/index.ts'
import { sourceOf } from '../../../src/loader/shards/index.ts'
import { hashTree } from '../../store/folder.ts'
import { flipBit } from '../../store/flip.ts'
import { files, healAt } from './heal-at.ts'
import { digestOf, openTiny, readAll, tinyStore } from './shards.ts'

describe.each(files)('damage to %s', (name) => {
  test('at any of 8 places (64 in the soak) is healed, from disk and in memory', async () => {
    expect(await healAt(name, 8)).toEqual([])
  })

  test.each(['cut short', 'empty', 'longer', 'gone'])('%s, is healed as it is opened', async (how) => {
    const storeDir = await tinyStore()
    const { opened: { folder }, close } = await openTiny(storeDir)
    await close()
    const { used: _, ...before } = await hashTree(folder)
    const file = join(folder, name)
    if (how === 'gone') await rm(file)
    else if (how === 'longer') await appendFile(file, 'x')
    else await truncate(file, how === 'empty' ? 0 : (await stat(file)).size - 1)
    await openTiny(storeDir)
    const { used: __, ...after } = await hashTree(folder)
    expect(after).toEqual(before)
  })
})

describe('damage that a source meets', () => {
  test('is refused with the file, the place and the way out', async () => {
    const { opened } = await openTiny(await tinyStore())
    const file = join(opened.folder, 'shard-00000.arrow')
    await flipBit(file, 5000)
    expect(() => readAll(opened)).toThrow(expect.objectContaining({
      code: 'E_SHARD_DAMAGED', message: expect.stringMatching(/^".*shard-00000\.arrow" of the training shards of tiny is not as it was written, somewhere in bytes \d+ to \d+$/),
      hint: expect.stringMatching(/^posetta cache --evict [0-9a-f]{12} removes these shards/) }))
  })

  test('is healed from the clips of that shard, while sources stay open', async () => {
    const storeDir = await tinyStore()
    const { opened, heal } = await openTiny(storeDir)
    const source = sourceOf(opened)
    const expected = digestOf(source.read(0))
    const other = sourceOf({ ...opened, sound: new SharedArrayBuffer(opened.sound.byteLength) })
    await flipBit(join(opened.folder, 'shard-00000.arrow'), 300)
    expect(() => readAll({ ...opened, sound: new SharedArrayBuffer(opened.sound.byteLength) })).toThrow('is not as it was written')
    expect(await heal()).toEqual(['shard-00000.arrow'])
    expect([digestOf(source.read(0)), digestOf(other.read(0))]).toEqual([expected, expected])
    expect(await heal()).toEqual([])
  })

  test('is healed once for all who ask at once', async () => {
    const { opened, heal } = await openTiny(await tinyStore())
    await flipBit(join(opened.folder, 'shard-00000.arrow'), 300)
    const [first, second] = await Promise.all([heal(), heal()])
    expect(first).toEqual(['shard-00000.arrow'])
    expect(second).toBe(first)
  })

  test('is healed in entry.json too, to the same bytes', async () => {
    const storeDir = await tinyStore()
    await (await openTiny(storeDir)).close()
    const { opened, heal } = await openTiny(storeDir)
    const file = join(opened.folder, 'entry.json')
    const before = await readFile(file, 'utf8')
    await flipBit(file, 40)
    expect(await heal()).toEqual([])
    expect(await readFile(file, 'utf8')).toBe(before)
  })

  test('is healed though the whole folder is gone', async () => {
    const { opened, heal } = await openTiny(await tinyStore())
    await rm(opened.folder, { recursive: true })
    expect(() => readAll(opened)).toThrow(/shard-00000\.arrow" of the training shards of tiny cannot be read: ENOENT/)
    expect(await heal()).toEqual(['index.bin', 'shard-00000.arrow'])
    expect((await readdir(opened.folder)).sort()).toEqual(['entry.json', 'index.bin', 'shard-00000.arrow'])
    expect(readAll(opened)).toHaveLength(opened.entry.clips)
  })

  test('ends in the error of the store where that is damaged too', async () => {
    const storeDir = await tinyStore()
    const { opened, heal } = await openTiny(storeDir)
    const shards = join(storeDir, 'tiny/shards')
    for (const file of await readdir(shards)) await rm(join(shards, file))
    await flipBit(join(opened.folder, 'shard-00000.arrow'), 300)
    await expect(heal()).rejects.toMatchObject({ code: 'E_FILE_MISSING' })
    await expect(openTiny(storeDir, { ids: ['tiny/0001'] })).rejects.toMatchObject({ code: 'E_FILE_MISSING' })
  })
})

describe('damage to a file that was sound at its first use', () => {
  test('is met where a text cannot be read, and healed', async () => {
    const { opened, heal } = await openTiny(await tinyStore())
    const [source, file] = [sourceOf(opened), join(opened.folder, 'shard-00000.arrow')]
    const row = readAll(opened).findIndex(({ id }) => id === 'tiny/phases')
    const expected = digestOf(source.read(row))
    await flipBit(file, (await readFile(file)).indexOf('"label":"up'))
    expect(() => source.read(row)).toThrow(expect.objectContaining({
      code: 'E_SHARD_DAMAGED', message: expect.stringMatching(/^".*shard-00000\.arrow" of the training shards of tiny has details of tiny\/phases that are none: /) }))
    expect(() => source.read(row)).toThrow('is not as it was written')
    expect(await heal()).toEqual(['shard-00000.arrow'])
    expect(digestOf(source.read(row))).toBe(expected)
  })

  test.each<[string, (file: string) => Promise<void>, readonly string[]]>([
    ['a bit', async (file) => flipBit(file, 4096), ['shard-00000.arrow']],
    ['written anew, with the time it had', async (file) => {
      const { atime, mtime, size } = await stat(file)
      await writeFile(file, Buffer.alloc(size))
      await utimes(file, atime, mtime)
    }, ['shard-00000.arrow']],
    ['only touched', async (file) => utimes(file, 1, 1), []],
  ])('is told of before a batch is handed out: %s', async (_, change, healed) => {
    const { opened, heal } = await openTiny(await tinyStore())
    const [here, other] = [sourceOf(opened), sourceOf(opened)]
    const expected = [here, other].map((source) => joints(source))
    for (const source of [here, other]) source.confirm!()
    await change(join(opened.folder, 'shard-00000.arrow'))
    for (const source of [here, other]) {
      joints(source)
      expect(() => source.confirm!()).toThrow(/shard-00000\.arrow" of the training shards of tiny was changed while it was read$/)
    }
    expect(await heal()).toEqual(healed)
    expect([here, other].map((source) => joints(source))).toEqual(expected)
    for (const source of [here, other, here]) source.confirm!()
  })

  function joints(source: ClipSource): string {
    return sha256(...Array.from({ length: source.clips.count }, (_, row) => `${source.keypoints(row, 0, source.clips.frames[row]!)?.join(' ')}\n`))
  }
})

test('an entry under the key of another is made anew', async () => {
  const storeDir = await tinyStore()
  const [one, two] = [await openTiny(storeDir, { ids: ['tiny/0001'] }), await openTiny(storeDir, { ids: ['tiny/0002'] })]
  await rm(two.opened.folder, { recursive: true })
  await cp(one.opened.folder, two.opened.folder, { recursive: true })
  const { opened } = await openTiny(storeDir, { ids: ['tiny/0002'] })
  expect(readAll(opened).map(({ id }) => id)).toEqual(['tiny/0002'])
})

test('an index that is too large to be checked at once is checked where it is used', async () => {
  const { opened } = await openTiny(await tinyStore())
  const unread = { ...opened, index: new SharedArrayBuffer(opened.index.byteLength), sound: new SharedArrayBuffer(opened.sound.byteLength) }
  const { start } = opened.entry.sections.find(({ name }) => name === 'action.codes')!
  await flipBit(join(opened.folder, 'index.bin'), start)
  const source = sourceOf(unread)
  expect(source.clips.id(0)).toBe('tiny/0001')
  expect(() => source.clips.label('action')).toThrow(/index\.bin" of the training shards of tiny is not as it was written/)
  expect(await readFile(join(opened.folder, 'index.bin'))).toHaveLength(opened.entry.index.bytes)
})
