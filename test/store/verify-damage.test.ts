import { copyFile, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hashSides } from '../../src/split.ts'
import { listImages } from '../../src/store/index.ts'
import { readManifest } from '../../src/store/manifest.ts'
import type { Problem } from '../../src/store/problem.ts'
import { writeSplit } from '../../src/store/splits.ts'
import { listVerifiable, verify } from '../../src/store/verify.ts'
import { writeClips } from '../../src/store/write-clips.ts'
import { makeClips, skeletons, spatial, three } from './clips.ts'
import { flipBit } from './flip.ts'
import { temporaryFolder } from './folder.ts'
import { fileIn, twinStore } from './twin-store.ts'

/** Two versions, of 2 and 4 clips. */
async function tinyStore(): Promise<{ storeDir: string; folder: string; fileOf: (table: string) => Promise<string> }> {
  const storeDir = await temporaryFolder()
  for (const clips of [makeClips(2), [...makeClips(3), spatial('tiny/spatial')]]) await writeClips({ storeDir, dataset: 'tiny', skeletons: [...skeletons, three], clips })
  return { storeDir, folder: join(storeDir, 'tiny'), fileOf: fileIn(join(storeDir, 'tiny/shards')) }
}

async function problemsOf(storeDir: string, dataset = 'tiny'): Promise<readonly Problem[]> {
  return (await verify(storeDir, dataset, { deep: true })).problems
}

const changed = { code: 'E_FILE_CHANGED', message: 'its sha256 is not the one it was written with' }

describe('the clips affected', () => {
  test('by frames are those of the layout', async () => {
    const { storeDir, fileOf } = await tinyStore()
    const file = await fileOf('frames-three')
    await flipBit(file, 200)
    expect(await problemsOf(storeDir)).toEqual([{ file: `shards/${basename(file)}`, ...changed, clips: ['tiny/spatial'] }])
  })

  test('by another table are all of the shard', async () => {
    const { storeDir, fileOf } = await tinyStore()
    const file = await fileOf('cameras')
    await flipBit(file, 200)
    expect(await problemsOf(storeDir)).toEqual([{ file: `shards/${basename(file)}`, ...changed, clips: ['tiny/0001', 'tiny/0002', 'tiny/0003', 'tiny/spatial'] }])
  })

  test('are unknown when the table of clips is damaged and there is no receipt', async () => {
    const { storeDir } = await tinyStore()
    const ref = (await readManifest(storeDir, 'tiny')).shards[0]!.files.find(({ table }) => table === 'clips')!
    await flipBit(join(storeDir, 'tiny/shards', ref.file), 200)
    expect(await problemsOf(storeDir)).toEqual([{ file: `shards/${ref.file}`, ...changed }])
  })
})

describe('a store with receipts and embedded pictures', () => {
  const twin = twinStore()

  test('names by the receipt the clips of a damaged table of clips', async () => {
    const { storeDir, fileOf } = await twin()
    await flipBit(await fileOf('clips'), 99)
    expect(await problemsOf(storeDir, 'penn-action')).toMatchObject([{ code: 'E_FILE_CHANGED', clips: ['penn-action/1037', 'penn-action/1149'] }])
  })

  test('names the film of a picture with a turned bit, and no clip for a bit between pictures', async () => {
    const { storeDir, fileOf } = await twin()
    const [pictures, [, second]] = [await fileOf('pictures'), await listImages(storeDir, 'penn-action', 'penn-action/1149')]
    await flipBit(pictures, second!.offset!)
    expect(await problemsOf(storeDir, 'penn-action')).toMatchObject([{ file: `shards/${basename(pictures)}`, code: 'E_FILE_CHANGED', clips: ['penn-action/1149'] }])
    await flipBit(pictures, second!.offset!)
    await flipBit(pictures, second!.offset! - 1)
    expect(await problemsOf(storeDir, 'penn-action')).toMatchObject([{ code: 'E_FILE_CHANGED', clips: [] }])
  })

  test('names the films whose pictures are cut off', async () => {
    const { storeDir, fileOf } = await twin()
    const images = await listImages(storeDir, 'penn-action', 'penn-action/1149')
    await truncate(await fileOf('pictures'), images.at(-1)!.offset!)
    expect(await problemsOf(storeDir, 'penn-action')).toMatchObject([{ code: 'E_FILE_CHANGED', message: expect.stringMatching(/bytes, written with/), clips: ['penn-action/1149'] }])
  })

  test('finds a damaged receipt, and says that no clip is lost by it', async () => {
    const { storeDir, folder } = await twin()
    await flipBit(join(folder, 'receipts/all.json'), 30)
    expect(await problemsOf(storeDir, 'penn-action')).toEqual([{
      file: 'receipts/all.json', code: 'E_RECEIPT', clips: [], message: 'it was changed after it was written; no part of the data: remove it, and the next ingest reads again what it stood for' }])
  })

  test('finds a receipt in the place of another', async () => {
    const { storeDir, folder } = await twin()
    await rename(join(folder, 'receipts/all.json'), join(folder, 'receipts/0.json'))
    expect(await problemsOf(storeDir, 'penn-action')).toMatchObject([{ file: 'receipts/0.json', code: 'E_RECEIPT', message: expect.stringContaining('it is that of shard all') }])
  })
})

describe('files', () => {
  test('that were exchanged are both named, each with what it holds', async () => {
    const { storeDir, fileOf } = await tinyStore()
    const [a, b] = [await fileOf('frames-three'), await fileOf('segments')]
    await rename(a, `${a}~`)
    await rename(b, a)
    await rename(`${a}~`, b)
    expect(await problemsOf(storeDir)).toEqual([
      { file: `shards/${basename(a)}`, code: 'E_FILE_SWAPPED', message: `it holds what was written to shards/${basename(b)}`, clips: ['tiny/spatial'] },
      { file: `shards/${basename(b)}`, code: 'E_FILE_SWAPPED', message: `it holds what was written to shards/${basename(a)}`, clips: ['tiny/0001', 'tiny/0002', 'tiny/0003', 'tiny/spatial'] },
    ])
  })

  test('that nothing leads to are named, wherever they lie', async () => {
    const { storeDir, folder } = await tinyStore()
    const { root } = await readManifest(storeDir, 'tiny')
    const sides = { train: ['tiny/0001'], test: ['tiny/0002'] }
    await writeSplit(storeDir, { name: 'halves', dataset: 'tiny', query: 'select 1', groupKey: 'group_id', seed: 0, salt: '0', hash: hashSides(sides), sides }, root)
    const extra = ['shards/mine.parquet', `commits/${'a'.repeat(64)}.json`, 'splits/lost.parquet', 'manifest.json.tmp']
    for (const file of extra) await writeFile(join(folder, file), 'PAR1')
    expect((await problemsOf(storeDir)).map(({ file, code }) => [file, code])).toEqual(extra.map((file) => [file, 'E_FILE_EXTRA']))
  })

  test('of an earlier version are checked too', async () => {
    const { storeDir, folder } = await tinyStore()
    const [commit] = (await readManifest(storeDir, 'tiny')).history
    const { shards } = JSON.parse(await readFile(join(folder, `commits/${commit}.json`), 'utf8')) as { shards: { files: { table: string; file: string }[] }[] }
    const { file } = shards[0]!.files.find(({ table }) => table === 'frames')!
    await rm(join(folder, 'shards', file))
    expect(await problemsOf(storeDir)).toEqual([{ file: `shards/${file}`, code: 'E_FILE_MISSING', message: 'the manifest names it, the folder lacks it', clips: ['tiny/0001', 'tiny/0002'] }])
  })

  test('are all missing when their folder is', async () => {
    const { storeDir, folder } = await tinyStore()
    await rm(join(folder, 'shards'), { recursive: true })
    const problems = await problemsOf(storeDir)
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['E_FILE_MISSING']))
    expect(problems).toHaveLength(10)
  })
})

describe('versions', () => {
  test('one in the place of another, and one that is gone, are named', async () => {
    const { storeDir, folder } = await tinyStore()
    const { commit, history: [first] } = await readManifest(storeDir, 'tiny')
    await copyFile(join(folder, `commits/${first}.json`), join(folder, `commits/${commit}.json`))
    expect(await problemsOf(storeDir)).toEqual([{ file: `commits/${commit}.json`, code: 'E_MANIFEST', message: expect.stringContaining(`is that of the commit ${first!.slice(0, 12)}`) }])
    await rm(join(folder, `commits/${commit}.json`))
    expect(await problemsOf(storeDir)).toMatchObject([{ file: `commits/${commit}.json`, code: 'E_FILE_MISSING' }])
  })

  test('beside a manifest that is damaged or gone the newest one is checked in its place', async () => {
    const { storeDir, folder, fileOf } = await tinyStore()
    const { commit } = await readManifest(storeDir, 'tiny')
    const segments = await fileOf('segments')
    await flipBit(join(folder, 'manifest.json'), 40)
    await flipBit(segments, 60)
    expect(await verify(storeDir, 'tiny')).toMatchObject({ root: null, problems: [
      { file: 'manifest.json', code: 'E_MANIFEST', message: expect.stringContaining(`; what it said, but for tags, is in commits/${commit}.json`) },
      { file: `shards/${basename(segments)}`, code: 'E_FILE_CHANGED' },
    ] })
    await rm(join(folder, 'manifest.json'))
    expect(await listVerifiable(storeDir)).toEqual(['tiny'])
    expect((await problemsOf(storeDir))[0]).toEqual({ file: 'manifest.json', code: 'E_FILE_MISSING', message: `the data set has lost its manifest; what it said, but for tags, is in commits/${commit}.json` })
  })
})
