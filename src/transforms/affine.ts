import { type Affine, composed, identity, nowhere } from '../affine.ts'
import type { Clip } from '../clip.ts'

/**
 * Moves every joint and every box of a clip; absent joints stay NaN, z and confidence stay. A box becomes the upright box around its four moved corners,
 * so that a turned box only grows. `placement` keeps the whole way from the recorded frame. `raw` is let go: it would no longer be what the raw file has.
 */
export function moved(clip: Clip, affine: Affine): Clip {
  return {
    ...clip,
    keypoints: clip.keypoints === null ? null : movedPoints(clip.keypoints, clip.dims + 1, affine),
    raw: null,
    boxes: clip.boxes === null ? null : movedBoxes(clip.boxes, affine),
    placement: composed(clip.placement ?? identity, affine),
  }
}

/** The affine map that holds the centre of the frame: linear part first, then back to the centre. */
export function aboutCentre(frame: Pick<Clip, 'width' | 'height'>, { xx, xy, yx, yy }: Pick<Affine, 'xx' | 'xy' | 'yx' | 'yy'>): Affine {
  const [x, y] = [frame.width / 2, frame.height / 2]
  return { xx, xy, yx, yy, dx: x - xx * x - xy * y, dy: y - yx * x - yy * y }
}

/**
 * The same with a map of its own for each frame. No one map leads back to the recorded frame then: pictures cannot follow.
 */
export function movedEach(clip: Clip, affineAt: (frame: number) => Affine): Clip {
  const row = clip.persons * clip.joints * (clip.dims + 1)
  const keypoints = clip.keypoints?.slice() ?? null
  const boxes = clip.boxes?.slice() ?? null
  for (let frame = 0; frame < clip.frames; frame++) {
    const affine = affineAt(frame)
    keypoints?.set(movedPoints(keypoints.subarray(frame * row, (frame + 1) * row), clip.dims + 1, affine), frame * row)
    boxes?.set(movedBoxes(boxes.subarray(frame * 4, (frame + 1) * 4), affine), frame * 4)
  }
  return { ...clip, keypoints, boxes, raw: null, placement: nowhere }
}

function movedPoints(keypoints: Float32Array, stride: number, { xx, xy, yx, yy, dx, dy }: Affine): Float32Array {
  const out = keypoints.slice()
  for (let at = 0; at < out.length; at += stride) {
    const [x, y] = [keypoints[at]!, keypoints[at + 1]!]
    out[at] = xx * x + xy * y + dx
    out[at + 1] = yx * x + yy * y + dy
  }
  return out
}

function movedBoxes(boxes: Float32Array, { xx, xy, yx, yy, dx, dy }: Affine): Float32Array {
  const out = new Float32Array(boxes.length)
  for (let at = 0; at < out.length; at += 4) {
    const [x1, y1, x2, y2] = [boxes[at]!, boxes[at + 1]!, boxes[at + 2]!, boxes[at + 3]!]
    const [ax, bx, cx, ex] = [xx * x1 + xy * y1, xx * x1 + xy * y2, xx * x2 + xy * y1, xx * x2 + xy * y2]
    const [ay, by, cy, ey] = [yx * x1 + yy * y1, yx * x1 + yy * y2, yx * x2 + yy * y1, yx * x2 + yy * y2]
    out[at] = Math.min(ax, bx, cx, ex) + dx
    out[at + 1] = Math.min(ay, by, cy, ey) + dy
    out[at + 2] = Math.max(ax, bx, cx, ex) + dx
    out[at + 3] = Math.max(ay, by, cy, ey) + dy
  }
  return out
}
