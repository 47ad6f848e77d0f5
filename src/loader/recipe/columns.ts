import type { Clip } from '../../clip.ts'
import { heatmapShape, type HeatmapSpec } from '../../transforms/heatmap-spec.ts'
import { heatmaps } from '../../transforms/heatmaps.ts'
import { sizeOf } from '../../tensor.ts'
import type { Column } from './view-recipe.ts'

/** `mask` [T]: 1 for a frame, 0 for padding. */
export function maskColumn(frames: number): Column {
  return { name: 'mask', dtype: 'float32', shape: [frames], draw: ({ seen }, row) => void row.fill(0).fill(1, 0, fitted(seen, frames)) }
}

/** `time` [T]: where each frame stands in the recording, in original frame indices; 0 in padding. */
export function timeColumn(frames: number): Column {
  return { name: 'time', dtype: 'float32', shape: [frames], draw: ({ seen }, row) => row.fill(0, fitted(seen, frames)).set(seen.time) }
}

/** `length` []: frames of the whole clip. */
export const lengthColumn: Column = { name: 'length', dtype: 'float32', shape: [], draw: ({ whole }, row) => void row.fill(whole.frames) }

/** `start` []: the number of the view's first frame, drawn from 0 .. latest. */
export function startColumn(latest: number): Column {
  return { name: 'start', dtype: 'float32', shape: [], draw: ({ random }, row) => void row.fill(random.fork('start').integer(latest + 1)) }
}

/** `patches` [T, N, P], or `heatmaps` [T, C, size, size] without patches: joints and limbs as maps, padding 0. */
export function heatmapColumn(frames: number, spec: HeatmapSpec): Column {
  const perFrame = sizeOf(heatmapShape(1, spec))
  return {
    name: spec.patch === null ? 'heatmaps' : 'patches', dtype: 'float32', shape: heatmapShape(frames, spec),
    draw({ seen }, row) {
      const end = fitted(seen, frames) * perFrame
      heatmaps(seen, spec, row.subarray(0, end))
      row.fill(0, end)
    },
  }
}

/** How many frames a view has, refused when there is no room for them. */
export function fitted({ id, frames }: Clip, room: number): number {
  if (frames > room) throw new Error(`${id} has ${frames} frames, the batch has room for ${room}`)
  return frames
}
