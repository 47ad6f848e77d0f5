import type { Clip } from '../../../src/clip.ts'
import { drawLimb, type Picture } from '../../../src/ingest/synthetic/picture.ts'
import type { FrameSource } from '../../../src/loader/frames/frame-source.ts'
import type { Pixels } from '../../../src/loader/frames/warp.ts'

/** The recorded frame of an untouched clip: black, with a white disc of `radius` px about each located joint. */
export function dots(clip: Clip, frame: number, radius: number): Picture {
  const picture = { width: clip.width, height: clip.height, pixels: new Uint32Array(clip.width * clip.height) }
  for (let joint = 0; joint < clip.persons * clip.joints; joint++) {
    const at = (frame * clip.persons * clip.joints + joint) * (clip.dims + 1)
    const [x, y] = [clip.keypoints![at]!, clip.keypoints![at + 1]!]
    if (!Number.isNaN(x)) drawLimb(picture, [[x, y], [x, y]], radius, [255, 255, 255])
  }
  return picture
}

export function pixelsOf({ width, height, pixels }: Picture): Pixels {
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, (_, at) => (pixels[Math.floor(at / 3)]! >> (8 * (at % 3))) & 255) }
}

/** A JPEG whose segments are as they should be, so that ingest takes it, and whose table of codes is none: nobody decodes it. */
export function undecodable(jpeg: Uint8Array): Buffer {
  const file = Buffer.from(jpeg)
  return file.fill(255, file.indexOf(Buffer.from('ffc4', 'hex')) + 5, file.indexOf(Buffer.from('ffc4', 'hex')) + 21)
}

/** A film whose frames are decoded already. */
export function filmOfPixels(frameOf: (frame: number) => Pixels | null): FrameSource {
  return { jpeg: () => null, picture: (_, frame) => frameOf(frame) }
}

/** A film of image files. */
export function filmOfFiles(fileOf: (frame: number) => Uint8Array | null, more: Partial<FrameSource> = {}): FrameSource {
  return { jpeg: (_, frame) => fileOf(frame), ...more }
}
