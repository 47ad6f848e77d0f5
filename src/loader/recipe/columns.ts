import type { Clip } from '../../clip.ts'
import { ToolkitError } from '../../errors.ts'
import type { HeatmapKernel } from '../../transforms/heatmap-kernel.ts'
import { heatmapShape, type HeatmapSpec } from '../../transforms/heatmap-spec.ts'
import { copyPoints } from './copy-points.ts'
import type { Column } from './view-recipe.ts'

/** `mask` [T]: 1 for a frame, 0 for padding. */
export function maskColumn(frames: number): Column {
  return { name: 'mask', dtype: 'float32', shape: [frames], draw: ({ seen }, row) => void row.fill(0).fill(1, 0, fitted(seen, frames)) }
}

/** `time` [T]: where each frame stands in the recording, in original frame indices; 0 in padding. */
export function timeColumn(frames: number): Column {
  return { name: 'time', dtype: 'float32', shape: [frames], draw: ({ seen }, row) => row.fill(0, fitted(seen, frames)).set(seen.time) }
}

/** `length` []: frames of the whole clip, also where the sample is a window of it: `time` is below it. */
export const lengthColumn: Column = { name: 'length', dtype: 'float32', shape: [], draw: ({ length }, row) => void row.fill(length) }

/** `start` []: the number of the view's first frame, drawn from 0 .. latest. */
export function startColumn(latest: number): Column {
  return { name: 'start', dtype: 'float32', shape: [], draw: ({ random }, row) => void row.fill(random.fork('start').integer(latest + 1)) }
}

/** `patches` [T, N, P], or `heatmaps` [T, C, size, size] without patches: joints and limbs as maps, padding 0. */
export function heatmapColumn(frames: number, spec: HeatmapSpec, kernel: HeatmapKernel): Column {
  return {
    name: spec.patch === null ? 'heatmaps' : 'patches', dtype: 'float32', shape: heatmapShape(frames, spec),
    draw({ seen }, row) {
      fitted(seen, frames)
      kernel.draw(seen, spec, row)
    },
  }
}

/** How many frames a view has, refused with E_LOADER_FRAMES when there is no room for them. */
export function fitted({ id, frames }: Clip, room: number): number {
  if (frames > room) throw new ToolkitError('E_LOADER_FRAMES', `${id} has ${frames} frames, the batch has room for ${room}`, { hint: 'let a row have more frames, or a view fewer: a step `resample` thins it' })
  return frames
}

/** `points` [T, M, J, dims + 1] as the view has them, joints that are absent, padding and persons who are not there all 0. */
export function pointsColumn(frames: number, { persons, joints, dims }: { persons: number; joints: number; dims: 2 | 3 }): Column {
  const shape = [frames, persons, joints, dims + 1]
  return {
    name: 'points', dtype: 'float32', shape,
    draw({ seen }, row) {
      checkPoints(seen, { persons, joints, dims })
      const [from, to] = [seen.persons * joints * (dims + 1), persons * joints * (dims + 1)]
      row.fill(0, fitted(seen, frames) * to)
      for (let frame = 0; frame < seen.frames; frame++) {
        copyPoints(seen.keypoints!.subarray(frame * from, (frame + 1) * from), row, frame * to)
        row.fill(0, frame * to + from, (frame + 1) * to)
      }
    },
  }
}

/** Refuses a clip whose joints are not those of the column with E_LOADER_POINTS. */
export function checkPoints(
  clip: Pick<Clip, 'id' | 'keypoints' | 'persons' | 'joints' | 'dims'>, { persons, joints, dims }: { persons: number; joints: number; dims: 2 | 3 }): void {
  if (clip.keypoints !== null && clip.joints === joints && clip.dims === dims && clip.persons <= persons) return
  const has = clip.keypoints === null ? 'no joints' : `${clip.persons} x ${clip.joints} joints of ${clip.dims} coordinates`
  throw new ToolkitError('E_LOADER_POINTS', `${clip.id} has ${has}, the batch has room for ${persons} x ${joints} of ${dims}`, {
    hint: 'choose clips of one skeleton, and as many persons as the largest clip has' })
}
