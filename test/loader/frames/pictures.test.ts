import { describe, expect, test } from 'vitest'
import type { ToolkitError } from '../../../src/errors.ts'
import { writeJpeg } from '../../../src/ingest/synthetic/jpeg-writer.ts'
import { fullSpec, pictureShape, type PictureSpec } from '../../../src/loader/frames/picture-spec.ts'
import { createPictures } from '../../../src/loader/frames/pictures.ts'
import { resizedSize } from '../../../src/loader/frames/resized-jpeg.ts'
import { randomAt } from '../../../src/random.ts'
import { chainOf } from '../../../src/transforms/index.ts'
import { jpegHere } from '../../jpeg.ts'
import { exampleClip, skeleton } from '../../transforms/examples.ts'
import { dots, filmOfFiles, filmOfPixels, pixelsOf } from './films.ts'

const clip = exampleClip({ seed: 1, frames: 2 })
const spec: PictureSpec = { width: 32, height: 24, layout: 'nchw', dtype: 'uint8', region: 'frame', frames: 'every' }
const place = { clip, row: 0, recorded: clip }
const jpegs = [0, 1].map((frame) => writeJpeg(dots(clip, frame, 9)))

function refusal(work: () => void): Pick<ToolkitError, 'code' | 'message' | 'hint'> {
  try {
    work()
  } catch (error) {
    return error as ToolkitError
  }
  throw new Error('nothing was refused')
}

describe('a spec', () => {
  test('has the shape of its layout, and as many frames as it asks for', () => {
    expect(pictureShape(spec, 64)).toEqual([64, 3, 24, 32])
    expect(pictureShape({ ...spec, layout: 'nhwc', frames: 8 }, 64)).toEqual([8, 24, 32, 3])
  })

  test.each<[Partial<PictureSpec>, string, string]>([
    [{ width: 0 }, 'width of the pictures is 0', 'it is a whole number of px, 1 to 8192'],
    [{ frames: 0 }, 'frames of the pictures is 0', 'it is "every" or a number of frames from 1 on'],
    [{ mean: [0.5, 0.5, 128] }, 'mean of the pictures is [0.5,0.5,128]', 'it is three shares of 255, 0 to 1'],
    [{ std: [0.2, 0.2, 0.2] }, 'std of the pictures is [0.2,0.2,0.2]', 'it is left out for uint8, which is not normalised'],
    [{ fill: 300 }, 'fill of the pictures is 300', 'it is "mean" or a grey from 0 to 255'],
  ])('with %o is refused', (wrong, message, hint) => {
    expect(refusal(() => fullSpec({ ...spec, ...wrong }))).toMatchObject({ code: 'E_PICTURE_SPEC', message, hint })
  })
})

describe('what is outside of the recorded frame', () => {
  /** All of the box lies to the right of the frame. */
  const away = { ...clip, placement: { xx: 1, xy: 0, yx: 0, yy: 1, dx: -1000, dy: 0 } }
  const outside = (more: Partial<PictureSpec>): number[] => {
    const out = more.dtype === 'float32' ? new Float32Array(6) : new Uint8Array(6)
    const film = filmOfPixels(() => ({ width: 320, height: 240, data: new Uint8Array(320 * 240 * 3).fill(255) }))
    createPictures({ ...spec, width: 1, height: 1, region: 'box', ...more }).draw({ ...place, clip: away }, film, out)
    return [...out.subarray(0, 3)]
  }

  test('is black unless asked otherwise', () => expect(outside({})).toEqual([0, 0, 0]))
  test('is the mean colour', () => expect(outside({ mean: [0.2, 0.4, 0.6] })).toEqual([51, 102, 153]))
  test('is 0 once normalised', () => expect(outside({ dtype: 'float32', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] })).toBeAllclose([0, 0, 0], { atol: 1e-6 }))
  test('is a grey that was asked for', () => expect(outside({ fill: 114 })).toEqual([114, 114, 114]))
})

describe('anti-aliasing', () => {
  /** Stripes of one px, black and white; every fifth of them is black and white in turn. */
  const stripes = { width: 320, height: 240, data: Uint8Array.from({ length: 320 * 240 * 3 }, (_, at) => 255 * (Math.floor(at / 3) % 2)) }
  const shrunk = (antialias: boolean): Set<number> => {
    const out = new Uint8Array(2 * 3 * 64 * 24)
    createPictures({ ...spec, width: 64, antialias }).draw(place, filmOfPixels(() => stripes), out)
    return new Set(out)
  }

  test('averages the px between samples', () => expect(shrunk(true)).toEqual(new Set([128])))
  test('can be switched off', () => expect(shrunk(false)).toEqual(new Set([0, 255])))
})

describe('pictures made smaller beforehand', () => {
  const small = { width: 160, height: 120 }

  test('have their short side, in proportion, and are never enlarged', () => {
    expect(resizedSize({ width: 480, height: 270 }, 224)).toEqual({ width: 398, height: 224 })
    expect(resizedSize({ width: 100, height: 80 }, 224)).toEqual({ width: 100, height: 80 })
  })

  test('show the same place', () => {
    const [far, near] = [160, 80].map((x) => {
      const out = new Uint8Array(2 * 3 * 32 * 24)
      const grey = (width: number, height: number, edge: number) => ({ width, height, data: Uint8Array.from({ length: width * height * 3 }, (_, at) => (Math.floor(at / 3) % width < edge ? 0 : 200)) })
      const film = x === 160 ? filmOfPixels(() => grey(320, 240, 160)) : { ...filmOfPixels(() => grey(160, 120, 80)), size: () => small }
      createPictures(spec).draw(place, film, out)
      return [...out]
    })
    expect(near).toEqual(far)
  })
})

describe('a picture that cannot be used is refused with clip, frame and place:', () => {
  const draw = (film: Parameters<ReturnType<typeof createPictures>['draw']>[1], more: Partial<typeof place> = {}, of: Partial<PictureSpec> = {}) =>
    refusal(() => createPictures({ ...spec, ...of }).draw({ ...place, ...more }, film, new Uint8Array(2 * 3 * 32 * 24)))

  test.skipIf(!jpegHere)('a frame without one (@julusian/jpeg-turbo must be there)', () => {
    expect(draw(filmOfFiles((frame) => (frame === 1 ? null : jpegs[0]!)))).toMatchObject({
      code: 'E_PICTURE_MISSING', message: 'the picture of frame 1 of example/1 is not there', exit: 4 })
  })

  test.skipIf(!jpegHere)('a JPEG that is cut off (@julusian/jpeg-turbo must be there)', () => {
    const film = filmOfFiles((frame) => jpegs[frame]!.subarray(0, 700), { place: () => 'frames/0001' })
    expect(draw(film)).toMatchObject({
      code: 'E_PICTURE_UNREADABLE', message: 'the picture of frame 0 of example/1 (frames/0001) cannot be decoded: libjpeg-turbo finds it damaged or cut off' })
  })

  test('what is no picture', () => {
    expect(draw(filmOfFiles(() => Buffer.from('GIF89a')))).toMatchObject({ code: 'E_PICTURE_UNREADABLE' })
  })

  test.each([[100, 80], [640, 480]])('one of %i x %i px', (width, height) => {
    const other = writeJpeg({ width, height, pixels: new Uint32Array(width * height) })
    expect(draw(filmOfFiles(() => other))).toMatchObject({
      code: 'E_PICTURE_SIZE', message: `the picture of frame 0 of example/1 has ${width} x ${height} px, its clip's frame 320 x 240` })
  })

  test('one for joints that a step moved frame by frame', () => {
    const moved = chainOf([{ name: 'random-move' }], { skeleton, frames: 64 })(clip, randomAt({ seed: 1 }))
    expect(draw(filmOfFiles((frame) => jpegs[frame]!), { clip: moved }, { region: 'box' })).toMatchObject({
      code: 'E_PICTURE_STEPS', message: 'a step moved the joints of example/1 frame by frame or flattened them: no picture can follow' })
  })
  test('one for joints in metres', () => {
    const inMetres = { ...clip, unit: 'm' as const }
    expect(draw(filmOfFiles((frame) => jpegs[frame]!), { clip: inMetres }, { region: 'box' })).toMatchObject({
      code: 'E_PICTURE_UNIT', message: 'the joints of example/1 are in m, not in px: no picture can follow them' })
  })
})

test.skipIf(!jpegHere)('a frame that is shown twice in a row is decoded once (@julusian/jpeg-turbo must be there)', () => {
  const asked: number[] = []
  const film = filmOfFiles((frame) => { asked.push(frame); return jpegs[frame]! })
  const slow = { ...clip, frames: 4, time: Float32Array.of(0, 0.4, 0.6, 1) }
  const out = new Uint8Array(4 * 3 * 32 * 24)
  createPictures(spec).draw({ ...place, clip: slow }, film, out)
  expect(asked).toEqual([0, 1])
  expect(out.subarray(0, 2304)).toEqual(out.subarray(2304, 4608))
})

test('the same spec as floats of both layouts says the same', () => {
  const draw = (more: Partial<PictureSpec>): Float32Array => {
    const out = new Float32Array(2 * 3 * 32 * 24)
    createPictures({ ...spec, dtype: 'float32', mean: [0.5, 0.5, 0.5], std: [0.5, 0.25, 0.2], ...more }).draw(place, filmOfPixels((frame) => pixelsOf(dots(clip, frame, 9))), out)
    return out
  }
  const [planes, pixels] = [draw({ layout: 'nchw' }), draw({ layout: 'nhwc' })]
  expect(Float32Array.from(pixels, (_, at) => planes[Math.floor(at / 2304) * 2304 + (at % 3) * 768 + Math.floor((at % 2304) / 3)]!)).toEqual(pixels)
})
