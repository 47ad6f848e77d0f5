import type { Clip } from '../../clip.ts'
import { ToolkitError } from '../../errors.ts'
import { decodeImageInto } from './decode-image.ts'
import type { FrameSource } from './frame-source.ts'
import { framesShown, mapToStored, samplingOf } from './geometry.ts'
import { faultOf } from './image-fault.ts'
import { fullSpec, type PictureSpec } from './picture-spec.ts'
import type { Size } from './warp.ts'
import { createWarpKernel, type Scratch, type WarpKernel } from './warp-kernel.ts'

/** A transformed clip, the row it was read from and the px of its recorded frame. */
export type Seen = { readonly clip: Clip; readonly row: number; readonly recorded: Size }

/** Pictures in step with the joints: what `placement` and `time` of a transformed clip say. docs/frames.md. */
export type Pictures = {
  /** What `draw` takes the pictures of these clips from: a source that has them at hand. Those of a video are decoded then, 3 bytes a px. */
  prepare(seen: readonly Seen[], source: FrameSource): Promise<FrameSource>
  /**
   * Draws the pictures of one clip, [F, 3, height, width] or [F, height, width, 3]; what `out` has beyond them becomes 0. Throws E_PICTURE_MISSING,
   * E_PICTURE_UNREADABLE, E_PICTURE_SIZE, E_PICTURE_UNIT, E_PICTURE_STEPS, each with clip, frame and place.
   */
  draw(seen: Seen, source: FrameSource, out: Float32Array | Uint8Array): void
}

/** Each thread has its own. `scratch`: a part of a shared memory to decode and sample in, so that an `out` in it is written in place. Throws E_PICTURE_SPEC. */
export function createPictures(asked: PictureSpec, { scratch }: { scratch?: Scratch } = {}): Pictures {
  const spec = fullSpec(asked)
  const perPicture = 3 * spec.width * spec.height
  const kernel = createWarpKernel(scratch)
  return {
    async prepare(seen, source) {
      return source.prepare?.(seen.map(({ clip, row }) => ({ row, frames: framesShown(clip, spec) }))) ?? source
    },
    draw(seen, source, out) {
      if (seen.clip.unit !== 'px' && spec.region === 'box') throw notInPixels(seen.clip)
      if (Number.isNaN(seen.clip.placement?.xx) && spec.region === 'box') throw notFollowed(seen.clip)
      const frames = framesShown(seen.clip, spec)
      if (frames.length * perPicture > out.length) throw new Error(`${seen.clip.id} has ${frames.length} frames, the batch has room for ${out.length / perPicture}`)
      const stored = source.size?.(seen.row, seen.recorded) ?? seen.recorded
      const { shrink, warp } = samplingOf(mapToStored(seen.clip, seen.recorded, stored, spec), stored, spec)
      for (const [index, frame] of frames.entries()) {
        // tempo may show a frame twice in a row
        const [start, end] = [index * perPicture, (index + 1) * perPicture]
        if (index > 0 && frame === frames[index - 1]) {
          out.copyWithin(start, start - perPicture, start)
          continue
        }
        readInto(kernel, { ...seen, frame, stored, output: spec }, source)
        kernel.draw(shrink, warp, out.subarray(start, end))
      }
      out.fill(0, frames.length * perPicture)
    },
  }
}

type Place = Seen & { readonly frame: number; readonly stored: Size; readonly output: Size }

function readInto(kernel: WarpKernel, place: Place, source: FrameSource): void {
  const { row, frame, stored, output } = place
  const file = source.jpeg(row, frame)
  if (file !== null) {
    decodeInto(kernel, file, place, source)
    return
  }
  const picture = source.picture?.(row, frame) ?? null
  if (picture === null) throw new ToolkitError('E_PICTURE_MISSING', `${nameOf(place, source)} is not there`, { exit: 4, hint: 'ingest with --frames embed, or leave the clip out' })
  if (picture.width !== stored.width || picture.height !== stored.height) throw wrongSize(place, source, picture)
  kernel.room(stored, output).set(picture.data)
}

function decodeInto(kernel: WarpKernel, file: Uint8Array, place: Place, source: FrameSource): void {
  const { stored, output } = place
  let size: Size
  try {
    size = decodeImageInto(file, stored, kernel.room(stored, output))
  } catch (cause) {
    throw new ToolkitError('E_PICTURE_UNREADABLE', `${nameOf(place, source)} cannot be decoded: ${faultOf(cause)}`, {
      exit: 4, cause, hint: 'posetta verify says whether the store is as it was written; else the file came damaged' })
  }
  if (size.width !== stored.width || size.height !== stored.height) throw wrongSize(place, source, size)
}

function wrongSize(place: Place, source: FrameSource, { width, height }: Size): ToolkitError {
  const { stored } = place
  return new ToolkitError('E_PICTURE_SIZE', `${nameOf(place, source)} has ${width} x ${height} px, its clip's frame ${stored.width} x ${stored.height}`, {
    exit: 4, hint: 'joints and pictures would not fit together: ingest the pictures that the labels were made on' })
}

function notInPixels({ id, unit }: Clip): ToolkitError {
  return new ToolkitError('E_PICTURE_UNIT', `the joints of ${id} are in ${unit}, not in px: no picture can follow them`, { hint: 'ask for region "frame", or for a source of the film in px' })
}

function notFollowed({ id }: Clip): ToolkitError {
  return new ToolkitError('E_PICTURE_STEPS', `a step moved the joints of ${id} frame by frame or flattened them: no picture can follow`, {
    hint: 'ask for region "frame", or leave out the steps that docs/augmentations.md names' })
}

function nameOf({ clip, row, frame }: Place, source: FrameSource): string {
  const place = source.place?.(row)
  return `the picture of frame ${frame} of ${clip.id}${place === undefined ? '' : ` (${place})`}`
}
