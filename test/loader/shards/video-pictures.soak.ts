import { expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../../src/catalog.ts'
import { ingest } from '../../../src/ingest/ingest.ts'
import { writeTwin } from '../../../src/ingest/synthetic/index.ts'
import { decodeImage } from '../../../src/loader/frames/decode-image.ts'
import { openTrainingShards, picturesOf, sourceOf } from '../../../src/loader/shards/index.ts'
import { ffmpegHere } from '../../ffmpeg.ts'
import { jpegHere } from '../../jpeg.ts'
import { temporaryFolder } from '../../store/folder.ts'

test.skipIf(!ffmpegHere || !jpegHere)('pictures of training shards may be frames of videos of the raw folder (ffmpeg and @julusian/jpeg-turbo must be there)', async () => {
  const [rawDir, storeDir] = [await temporaryFolder(), await temporaryFolder()]
  const entry = entryOf(await readCatalog(), 'ikea-asm')
  await writeTwin(entry, rawDir, { clips: 1, seed: 1, frames: false, video: true })
  await ingest({ entry, rawDir, storeDir, jobs: 1, frames: 'reference' })
  const { opened, close } = await openTrainingShards({ storeDir, dataset: 'ikea-asm', memoryBytes: 0, pictures: { short: 40, quality: 90, rawDir } })
  const [source, pictures] = [sourceOf(opened), picturesOf(opened)!]
  const clip = source.read(0)
  for (const frame of [0, clip.frames - 1]) expect(decodeImage(pictures.jpeg(0, frame)!)).toMatchObject(pictures.size!(0, clip))
  await close()
})
