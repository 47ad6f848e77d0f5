import type { ClassOf } from './ikea-classes.ts'
import type { IkeaVideo } from './ikea-database.ts'
import type { IkeaSegments } from './ikea-segments.ts'

/** [frames] 0..32: the class of every frame; -1 = not known. */
export type FrameLabels = Int8Array

/** The database's rows frame by frame, as the authors' loader does it: ends are exclusive, later rows overwrite, a pair that is no class leaves NA. */
export function labelsOfRows({ frames, rows }: IkeaVideo, classOf: ClassOf): FrameLabels {
  const labels = new Int8Array(frames)
  for (const { action, object, start, end } of rows) {
    const number = classOf(action, object)
    if (number !== null) labels.fill(number, start, end)
  }
  return labels
}

/** The runs of `gt_segments.json` frame by frame; runs of one frame are left out there, so that some frames are not known. At least `frames` long. */
export function labelsOfRuns({ runs }: IkeaSegments, frames: number): FrameLabels {
  const labels = new Int8Array(Math.max(frames, (runs.at(-1)?.last ?? -1) + 1)).fill(-1)
  for (const { start, last, number } of runs) labels.fill(number, start, last + 1)
  return labels
}

/** Runs of one class, of known frames. */
export function runsOf(labels: FrameLabels): { start: number; end: number; number: number }[] {
  const runs = []
  for (let start = 0, end = 0; start < labels.length; start = end) {
    while (end < labels.length && labels[end] === labels[start]) end++
    if (labels[start] !== -1) runs.push({ start, end, number: labels[start]! })
  }
  return runs
}

/** Two opinions: of frames [start, end) the one says class `one`, the other class `other`; -1 = nothing. */
export type LabelDifference = { readonly start: number; readonly end: number; readonly one: number; readonly other: number }

/** Where `other` says something else than `one`, both of one length; that it does not know a run of a single frame of `one` is no difference. */
export function differencesOf(one: FrameLabels, other: FrameLabels): LabelDifference[] {
  const found: LabelDifference[] = []
  for (let start = 0, end = 0; start < one.length; start = end) {
    while (end < one.length && one[end] === one[start] && other[end] === other[start]) end++
    const isSingle = one[start - 1] !== one[start] && one[start + 1] !== one[start]
    if (one[start] !== other[start] && !(other[start] === -1 && isSingle)) found.push({ start, end, one: one[start]!, other: other[start]! })
  }
  return found
}
