import type { Clip, ClipLabels } from '../clip.ts'
import type { ClipSource, ClipTable, LabelColumn, LabelName } from './clip-source.ts'
import { hashKeypoints, hashSource } from './source-hash.ts'

/** Clips in memory as a source. Two clips of one id are an Error. */
export function sourceOfClips(given: readonly Clip[]): ClipSource {
  const clips = [...given].sort((a, b) => (a.id < b.id ? -1 : 1))
  const twice = clips.find(({ id }, row) => id === clips[row + 1]?.id)
  if (twice !== undefined) throw new Error(`two clips are called ${twice.id}`)
  let hash: string | null = null
  return {
    get hash() {
      return (hash ??= hashSource(clips.map(({ id, keypoints }) => ({ id, hash: hashKeypoints(keypoints) }))))
    },
    clips: tableOf(clips),
    memories: [],
    read: (row) => clips[row]!,
    shape: (row) => clips[row]!,
    unit: (row) => clips[row]!.unit,
    keypoints(row, first, end) {
      const { keypoints, persons, joints, dims } = clips[row]!
      const perFrame = persons * joints * (dims + 1)
      return keypoints?.subarray(first * perFrame, end * perFrame) ?? null
    },
    close: () => {},
  }
}

function tableOf(clips: readonly Clip[]): ClipTable {
  const columns = new Map<LabelName, LabelColumn>()
  return {
    count: clips.length,
    id: (row) => clips[row]!.id,
    frames: Int32Array.from(clips, ({ frames }) => frames),
    label(name) {
      if (!columns.has(name)) columns.set(name, columnOf(clips.map((clip) => labelOf(clip, name))))
      return columns.get(name)!
    },
  }
}

/** The label of a clip; null = it has none. */
function labelOf(clip: Clip, name: LabelName): string | null {
  return name in clip ? clip[name as keyof Clip & LabelName] : clip.labels[name as keyof ClipLabels & LabelName]
}

function columnOf(values: readonly (string | null)[]): LabelColumn {
  const names = [...new Set(values.filter((value) => value !== null))].sort()
  const codes = new Map(names.map((name, code) => [name, code]))
  return { names, codes: Int32Array.from(values, (value) => (value === null ? -1 : codes.get(value)!)) }
}
