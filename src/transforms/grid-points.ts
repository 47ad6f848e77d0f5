import type { Clip } from '../clip.ts'
import { ToolkitError } from '../errors.ts'
import { gridPoints, isDrawn } from './heatmap-spec.ts'

/**
 * What a model draws heatmaps of itself: [T, M, J, 3] into `out`, x and y on the grid of maps of `size` px, and confidence. Joints that are not drawn, persons who are
 * not there and what `out` holds beyond the clip's frames are 0. Refuses a clip of more than `persons` persons, or of labels only, with E_LOADER_POINTS.
 */
export function setGridPoints(clip: Clip, { persons, size }: { persons: number; size: number }, out: Float32Array): void {
  if (clip.keypoints === null || clip.persons > persons) {
    const has = clip.keypoints === null ? 'labels only' : `${clip.persons} persons`
    throw new ToolkitError('E_LOADER_POINTS', `${clip.id} has ${has}, batches of points have room for ${persons}`, { hint: `--set persons=${clip.persons} makes room` })
  }
  out.fill(0)
  for (let frame = 0; frame < clip.frames; frame++) for (let person = 0; person < clip.persons; person++) {
    const start = (frame * persons + person) * clip.joints * 3
    for (const [joint, point] of gridPoints(clip, { frame, person, size }).entries()) {
      if (isDrawn(point)) out.set([point.x, point.y, point.confidence], start + joint * 3)
    }
  }
}
