import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { listImages, readClips, readImages } from '../../src/store/index.ts'
import { writeClips } from '../../src/store/write-clips.ts'
import { makeClips, skeletons, spatial, three } from './clips.ts'
import { flipBit } from './flip.ts'
import { temporaryFolder } from './folder.ts'
import { fileIn, twinStore } from './twin-store.ts'

async function tinyStore(): Promise<{ storeDir: string; fileOf: (table: string) => Promise<string> }> {
  const storeDir = await temporaryFolder()
  await writeClips({ storeDir, dataset: 'tiny', skeletons: [...skeletons, three], clips: [...makeClips(6), spatial('tiny/spatial')] })
  return { storeDir, fileOf: fileIn(join(storeDir, 'tiny/shards')) }
}

const hint = 'posetta verify tiny --deep says what else is damaged; bring the file back from a backup; one of the newest version is also made anew when it is removed and the data set ingested again'

describe('reading clips', () => {
  test('refuses a file with one bit turned, and names the clips of its layout; turned back, all is well', async () => {
    const { storeDir, fileOf } = await tinyStore()
    const clips = await readClips(storeDir, 'tiny')
    const frames = await fileOf('frames-three')
    await flipBit(frames, 100)
    await expect(readClips(storeDir, 'tiny')).rejects.toMatchObject({
      code: 'E_FILE_CHANGED', hint, message: `"shards/${frames.split('/').at(-1)}" of tiny: its sha256 is not the one it was written with; 1 clip is affected: tiny/spatial` })
    await flipBit(frames, 100)
    expect(await readClips(storeDir, 'tiny')).toEqual(clips)
  })

  test('names all clips of the shard when it is a table of all of them', async () => {
    const { storeDir, fileOf } = await tinyStore()
    await flipBit(await fileOf('sides'), 4)
    await expect(readClips(storeDir, 'tiny')).rejects.toThrow('7 clips are affected: tiny/0001, tiny/0002, tiny/0003, tiny/0004, tiny/0005 and 2 more')
  })

  test('refuses a file that is cut, missing, or another one in its place', async () => {
    const { storeDir, fileOf } = await tinyStore()
    const [two, three] = [await fileOf('frames-two'), await fileOf('frames-three')]
    const file = await open(two, 'r+')
    const { size } = await file.stat()
    await file.truncate(size - 1)
    await file.close()
    await expect(readClips(storeDir, 'tiny')).rejects.toMatchObject({ code: 'E_FILE_CHANGED', message: expect.stringContaining(`${size - 1} bytes, written with ${size}; 6 clips`) })
    await rm(two)
    await expect(readClips(storeDir, 'tiny')).rejects.toMatchObject({ code: 'E_FILE_MISSING', message: expect.stringContaining('the manifest names it, the folder lacks it; 6 clips') })
    await rename(three, two)
    await expect(readClips(storeDir, 'tiny')).rejects.toMatchObject({ code: 'E_FILE_MISSING', message: expect.stringContaining('1 clip is affected: tiny/spatial') })
  })
})

describe('what a twin with embedded pictures gives', () => {
  const twin = twinStore()

  test('the picture with a turned bit is refused, the others are given out', async () => {
    const { storeDir, fileOf } = await twin()
    const images = await listImages(storeDir, 'penn-action', 'penn-action/1149')
    const pictures = await fileOf('pictures')
    await flipBit(pictures, images[3]!.offset!)
    await expect(readImages(storeDir, 'penn-action', images)).rejects.toMatchObject({
      code: 'E_FILE_CHANGED', message: `"shards/${images[3]!.file}" of penn-action: the picture of frame 3 does not have the sha256 it was written with; 1 clip is affected: penn-action/1149` })
    expect(await readImages(storeDir, 'penn-action', images.slice(4))).toHaveLength(images.length - 4)
    expect(await readClips(storeDir, 'penn-action')).toHaveLength(2)
  })

  test('the list of pictures is refused, the clips are given out', async () => {
    const { storeDir, fileOf } = await twin()
    await flipBit(await fileOf('images'), 50)
    await expect(listImages(storeDir, 'penn-action', 'penn-action/1037')).rejects.toMatchObject({ code: 'E_FILE_CHANGED', message: expect.stringContaining('2 clips are affected: penn-action/1037, penn-action/1149') })
    expect(await readClips(storeDir, 'penn-action')).toHaveLength(2)
  })

  test('when the table of clips is the damaged one, its receipt names them; without a receipt nobody can', async () => {
    const { storeDir, fileOf } = await twin()
    await flipBit(await fileOf('clips'), 50)
    await expect(readClips(storeDir, 'penn-action')).rejects.toThrow('2 clips are affected: penn-action/1037, penn-action/1149')
    await rm(join(storeDir, 'penn-action/receipts'), { recursive: true })
    await expect(readClips(storeDir, 'penn-action')).rejects.toThrow('which clips are affected cannot be told any more')
  })
})
