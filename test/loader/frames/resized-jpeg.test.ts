import { describe, expect, test } from 'vitest'
import { writeJpeg } from '../../../src/ingest/synthetic/jpeg-writer.ts'
import { decodeImage } from '../../../src/loader/frames/decode-image.ts'
import { createPictures } from '../../../src/loader/frames/pictures.ts'
import { createResizer, resizedSize } from '../../../src/loader/frames/resized-jpeg.ts'
import { jpegHere } from '../../jpeg.ts'
import { exampleClip } from '../../transforms/examples.ts'
import { dots, filmOfFiles } from './films.ts'

const clip = exampleClip({ seed: 2, frames: 1 })
const file = writeJpeg(dots(clip, 0, 12))

describe.skipIf(!jpegHere)('a JPEG made smaller (@julusian/jpeg-turbo must be there)', () => {
  const resized = createResizer({ short: 60, quality: 95 })

  test('has its short side', () => {
    const { width, height } = decodeImage(resized(file))
    expect([width, height]).toEqual([80, 60])
  })

  test('has the same bytes every time, whatever was made before', () => {
    const first = resized(file)
    resized(writeJpeg({ width: 500, height: 90, pixels: new Uint32Array(45_000) }))
    expect(resized(file)).toEqual(first)
  })

  test('gives nearly the pictures that the large one gives', () => {
    const [large, small] = [filmOfFiles(() => file), filmOfFiles(() => resized(file), { size: (_, recorded) => resizedSize(recorded, 60) })].map((film) => {
      const out = new Uint8Array(3 * 40 * 30)
      createPictures({ width: 40, height: 30, layout: 'nhwc', dtype: 'uint8', region: 'frame', frames: 'every' }).draw({ clip, row: 0, recorded: clip }, film, out)
      return out
    })
    const off = large!.map((value, at) => Math.abs(value - small![at]!))
    expect(off.reduce((sum, value) => sum + value, 0) / off.length).toBeLessThan(2)
  })

  test('is not enlarged', () => {
    const { width, height } = decodeImage(createResizer({ short: 400, quality: 90 })(file))
    expect([width, height]).toEqual([320, 240])
  })

  test('that is damaged is refused', () => {
    expect(() => resized(file.subarray(0, 500))).toThrow('libjpeg-turbo finds it damaged or cut off')
  })
})
