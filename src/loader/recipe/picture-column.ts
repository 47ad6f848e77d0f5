import { createPictures, type FrameSource, fullSpec, pictureShape, type PictureSpec, recolour } from '../frames/index.ts'
import type { Column, View } from './view-recipe.ts'

/** `pictures` [F, 3, height, width] or [F, height, width, 3]: the recorded frames in step with the joints. docs/frames.md. */
export function pictureColumn(frames: number, spec: PictureSpec, source: FrameSource): Column {
  const pictures = createPictures(spec)
  const full = fullSpec(spec)
  const perPicture = 3 * spec.width * spec.height
  const draw = async ({ seen, whole, row, random }: View, out: Float32Array | Uint8Array): Promise<void> => {
    const shown = { clip: seen, row, recorded: whole }
    pictures.draw(shown, await pictures.prepare([shown], source), out)
    if (full.colouring === undefined) return
    const frames = full.frames === 'every' ? seen.frames : full.frames
    recolour((out as Float32Array).subarray(0, frames * perPicture), full, full.colouring, random.fork('colouring'))
  }
  return { name: 'pictures', dtype: spec.dtype, shape: pictureShape(spec, frames), draw }
}
