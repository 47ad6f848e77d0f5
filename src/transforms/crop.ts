import type { Clip } from '../clip.ts'
import { translated } from './translate.ts'
import { checkRange, type Transform } from './transform.ts'

/** x, y of the upper left corner and the side, in px. */
export type Square = { readonly x: number; readonly y: number; readonly side: number }

/** Puts the clip into its own square box: coordinates count from the corner of the box, width = height = side. Draws nothing. */
export function crop({ padding = 0.25 }: { padding?: number } = {}): Transform {
  checkRange('padding', padding, 0, 10)
  return (clip) => {
    const { x, y, side } = squareOf(clip, padding)
    return { ...translated(clip, -x, -y), width: side, height: side }
  }
}

/** Fewest of a clip's unit that a tight box is wide: a single joint does not become a whole image. PoseC3D leaves clips in smaller boxes as they are. */
const least = { px: 10, cm: 10, m: 0.1 } as const

/**
 * The square around all located joints of all persons and frames of the clip: the longer side of their tight box, at least 10 px or cm, times 1 + padding, about
 * the same centre. A clip without a located joint has the square around its frame. Duan et al., PoseC3D, CVPR 2022 (compact crop of the whole clip).
 */
export function squareOf(clip: Clip, padding: number): Square {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  const keypoints = clip.keypoints ?? new Float32Array()
  for (let at = 0; at < keypoints.length; at += clip.dims + 1) {
    const [x, y] = [keypoints[at]!, keypoints[at + 1]!]
    if (Number.isNaN(x) || Number.isNaN(y)) continue
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  if (left > right) return squareAbout(clip.width / 2, clip.height / 2, Math.max(clip.width, clip.height))
  return squareAbout((left + right) / 2, (top + bottom) / 2, Math.max(right - left, bottom - top, least[clip.unit]) * (1 + padding))
}

function squareAbout(x: number, y: number, side: number): Square {
  return { x: x - side / 2, y: y - side / 2, side }
}
