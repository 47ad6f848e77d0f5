import { createPictures, type FrameSource, pictureShape, type PictureSpec } from '../frames/index.ts'
import type { Column, View } from './view-recipe.ts'

/** `pictures` [F, 3, height, width] or [F, height, width, 3]: the recorded frames in step with the joints. docs/frames.md. */
export function pictureColumn(frames: number, spec: PictureSpec, source: FrameSource): Column {
  const pictures = createPictures(spec)
  const draw = async ({ seen, whole, row }: View, out: Float32Array | Uint8Array): Promise<void> => {
    const shown = { clip: seen, row, recorded: whole }
    pictures.draw(shown, await pictures.prepare([shown], source), out)
  }
  return { name: 'pictures', dtype: spec.dtype, shape: pictureShape(spec, frames), draw }
}
