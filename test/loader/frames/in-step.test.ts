import { describe, expect, test } from 'vitest'
import type { Clip } from '../../../src/clip.ts'
import { writeJpeg } from '../../../src/ingest/synthetic/jpeg-writer.ts'
import { createPictures } from '../../../src/loader/frames/pictures.ts'
import type { PictureSpec } from '../../../src/loader/frames/picture-spec.ts'
import { randomAt } from '../../../src/random.ts'
import { chain, crop, cut, flip, rotate, scale, speed, tempo, translate } from '../../../src/transforms/index.ts'
import { jpegHere } from '../../jpeg.ts'
import { exampleClip, skeleton } from '../../transforms/examples.ts'
import { dots, filmOfFiles, filmOfPixels, pixelsOf } from './films.ts'

const side = 96
const spec: PictureSpec = { width: side, height: side, layout: 'nhwc', dtype: 'uint8', region: 'box', frames: 'every' }

/** Every transform of space and of choosing frames, at random, in the loader's order. */
const steps = chain({
  cut: cut({ share: 0.3 }), speed: speed({ share: 0.5 }), crop: crop({ padding: 0.3 }), flip: flip({ skeleton, probability: 0.5 }),
  rotate: rotate({ degrees: 40, probability: 0.7 }), scale: scale({ low: 0.6, high: 1.4, probability: 0.7 }), translate: translate({ share: 0.2, probability: 0.7 }),
})

/** Where the joints of one frame are in a picture of the batch, px. */
function jointsIn(clip: Clip, frame: number, size = side): (readonly [number, number])[] {
  const perFrame = clip.persons * clip.joints * (clip.dims + 1)
  return Array.from({ length: clip.persons * clip.joints }, (_, joint) => {
    const at = frame * perFrame + joint * (clip.dims + 1)
    return [(clip.keypoints![at]! * size) / clip.width, (clip.keypoints![at + 1]! * size) / clip.height] as const
  }).filter(([x]) => !Number.isNaN(x))
}

const distance = ([a, b]: readonly [number, number], [x, y]: readonly [number, number]): number => Math.hypot(a - x, b - y)

/** The centre of the light within `reach` px of a place. */
function lightNear(picture: Uint8Array, [x, y]: readonly [number, number], reach: number): [number, number] | null {
  let [sum, sumX, sumY] = [0, 0, 0]
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const light = distance([column + 0.5, row + 0.5], [x, y]) > reach ? 0 : picture[(row * side + column) * 3]!
      sum += light
      sumX += light * (column + 0.5)
      sumY += light * (row + 0.5)
    }
  }
  return sum === 0 ? null : [sumX / sum, sumY / sum]
}

function drawn(seen: Clip, recorded: Clip, more: Partial<PictureSpec> = {}, film = filmOfPixels((frame) => pixelsOf(dots(recorded, frame, 5)))): Uint8Array[] {
  const out = new Uint8Array(seen.frames * side * side * 3)
  createPictures({ ...spec, ...more }).draw({ clip: seen, row: 0, recorded }, film, out)
  return Array.from({ length: seen.frames }, (_, frame) => out.subarray(frame * side * side * 3, (frame + 1) * side * side * 3))
}

describe('a dot at a joint of the recorded frame', () => {
  test.each(Array.from({ length: 20 }, (_, seed) => seed))('is where the joint is after cut, speed, crop, flip, rotation, scale and translation, draw %i', (seed) => {
    const clip = exampleClip({ seed: seed + 1, frames: 6 })
    const seen = steps(clip, randomAt({ seed, clip: clip.id }))
    let found = 0
    for (const [frame, picture] of drawn(seen, clip).entries()) {
      const joints = jointsIn(seen, frame)
      for (const [at, joint] of joints.entries()) {
        const isAlone = joints.every((other, i) => i === at || distance(other, joint) > 9)
        if (!isAlone || !joint.every((px) => px > 5 && px < side - 5)) continue
        // a disc is cut off where it reaches over the edge of the recorded frame: its centre of light moves by less than its radius
        const light = lightNear(picture, joint, 4.5)
        expect(light).not.toBeNull()
        expect(distance(light!, joint)).toBeLessThan(1)
        found++
      }
    }
    expect(found).toBeGreaterThan(0)
  })

  test('and nowhere else is light', () => {
    const clip = exampleClip({ seed: 3, frames: 5 })
    const seen = steps(clip, randomAt({ seed: 9, clip: clip.id }))
    for (const [frame, picture] of drawn(seen, clip).entries()) {
      const joints = jointsIn(seen, frame)
      const astray = Array.from({ length: side * side }, (_, at) => [(at % side) + 0.5, Math.floor(at / side) + 0.5] as const)
        .filter((pixel, at) => picture[at * 3]! > 0 && joints.every((joint) => distance(pixel, joint) > 6))
      expect(astray).toEqual([])
    }
  })
})

test('a mirror of the whole frame is the same mirror', () => {
  const clip = exampleClip({ seed: 4, frames: 2 })
  const seen = flip({ skeleton, probability: 1 })(clip, randomAt({ seed: 1 }))
  const [whole] = drawn(clip, clip, { region: 'frame' })
  const [mirrored] = drawn(seen, clip, { region: 'frame' })
  const columnsTurned = Uint8Array.from(whole!, (_, at) => whole![(Math.floor(at / 3 / side) * side + side - 1 - (Math.floor(at / 3) % side)) * 3 + (at % 3)]!)
  expect(mirrored).toEqual(columnsTurned)
})

test('pictures of a region "frame" show the whole recorded frame, whatever the crop and the turn', () => {
  const clip = exampleClip({ seed: 4, frames: 2 })
  const turned = chain({ crop: crop({ padding: 0.2 }), rotate: rotate({ degrees: 30, probability: 1 }) })(clip, randomAt({ seed: 1 }))
  expect(drawn(turned, clip, { region: 'frame' })).toEqual(drawn(clip, clip, { region: 'frame' }))
})

describe('frames', () => {
  const clip = exampleClip({ seed: 5, frames: 10 })
  /** Frame f is grey of value 10 f. */
  const film = filmOfPixels((frame) => ({ width: 320, height: 240, data: new Uint8Array(320 * 240 * 3).fill(10 * frame) }))
  const shown = (seen: Clip, frames: PictureSpec['frames'], room = 10): number[] => {
    const out = new Uint8Array(room * 12).fill(255)
    createPictures({ ...spec, width: 2, height: 2, region: 'frame', frames }).draw({ clip: seen, row: 0, recorded: clip }, film, out)
    return Array.from({ length: room }, (_, frame) => out[frame * 12]! / 10)
  }

  test('follow speed', () => {
    const seen = speed({ share: 0.6 })(clip, randomAt({ seed: 2 }))
    expect(seen.frames).toBeLessThan(10)
    expect(shown(seen, 'every', seen.frames)).toEqual([...seen.time])
  })

  test('are the nearest ones to a moment between two, halves up', () => {
    expect(shown({ ...clip, frames: 4, time: Float32Array.of(0.4, 0.5, 2.5, 8.6) }, 'every', 4)).toEqual([0, 1, 3, 9])
  })

  test('follow a tempo', () => {
    const seen = tempo({ factor: 1.5, fewest: 4 })(clip, randomAt({ seed: 3 }))
    expect(shown(seen, 'every', seen.frames)).toEqual(Array.from(seen.time, (moment) => Math.floor(moment + 0.5)))
  })

  test('may be fewer, evenly from the first to the last', () => {
    expect(shown(clip, 4, 4)).toEqual([0, 3, 6, 9])
  })

  test('may be more than the clip has: some are shown twice', () => {
    expect(shown({ ...clip, frames: 2, time: Float32Array.of(3, 4) }, 4, 4)).toEqual([3, 3, 4, 4])
  })

  test('beyond the clip are 0', () => {
    expect(shown({ ...clip, frames: 2, time: Float32Array.of(3, 4) }, 'every', 4)).toEqual([3, 4, 0, 0])
  })
})

test.skipIf(!jpegHere)('JPEG files give the pictures that their pixels do, within what the coding loses (@julusian/jpeg-turbo must be there)', () => {
  const clip = exampleClip({ seed: 6, frames: 2 })
  const seen = crop({ padding: 0.3 })(clip, randomAt({ seed: 1 }))
  const [pixels] = drawn(seen, clip)
  const [decoded] = drawn(seen, clip, {}, filmOfFiles((frame) => writeJpeg(dots(clip, frame, 5))))
  const off = decoded!.map((value, at) => Math.abs(value - pixels![at]!))
  expect(off.reduce((sum, value) => sum + value, 0) / off.length).toBeLessThan(1)
  expect(Math.max(...off)).toBeLessThan(40)
})
