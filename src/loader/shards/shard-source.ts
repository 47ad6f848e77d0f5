import type { Clip } from '../../clip.ts'
import type { Side } from '../../split.ts'
import type { ClipSource } from '../clip-source.ts'
import { openFiles } from './blocks.ts'
import { parseDetails } from './clip-details.ts'
import { HAS, type NumericSection, type numericSections } from './index-layout.ts'
import { type IndexReader, readIndex } from './index-reader.ts'
import { BOXES, DETAILS, KEYPOINTS, readLists, type Room, SIGNALS, STATES, TIME } from './list-reader.ts'
import type { OpenedShards } from './opened.ts'

/**
 * The clips of opened shards, in any thread. A batch is hashed at the first use of one of its clips; from then on a clip's keypoints are a view of shared memory, or
 * one read at a place of a file, which `confirm` holds against the file's state of before. What it throws is E_SHARD_DAMAGED: `heal` the shards, then ask again.
 */
export function sourceOf(opened: OpenedShards): ClipSource {
  const files = openFiles(opened.folder, opened.entry)
  const index = readIndex(opened, files)
  const lists = readLists(opened, { index, files })
  const [has, fps, width, height] = [factIn(index, 'has'), factIn(index, 'fps'), factIn(index, 'width'), factIn(index, 'height')]
  const [frames, persons, joints, dims] = [factIn(index, 'frames'), factIn(index, 'persons'), factIn(index, 'joints'), factIn(index, 'dims')]
  let scratch = new ArrayBuffer(0)
  const reused: Room = (bytes) => {
    if (scratch.byteLength < bytes) scratch = new ArrayBuffer(2 * bytes)
    return scratch
  }
  const fresh: Room = (bytes) => new ArrayBuffer(bytes)

  return {
    hash: opened.entry.hash,
    clips: index,
    memories: [opened.kept],
    shape(row) {
      return { width: width(row), height: height(row), persons: persons(row), joints: joints(row), dims: dims(row) as Clip['dims'] }
    },
    unit: (row) => index.text('unit', row) as Clip['unit'],
    keypoints(row, first, end) {
      if ((has(row) & HAS.keypoints) === 0) return null
      const perFrame = persons(row) * joints(row) * (dims(row) + 1)
      return lists.floats(row, KEYPOINTS, reused, first * perFrame, end * perFrame)
    },
    read(row): Clip {
      const hasKeypoints = (has(row) & HAS.keypoints) !== 0
      const { flags, calibration, signals, sides, phases, segments } = lists.parsed(row, DETAILS, parseDetails)
      return {
        id: index.id(row), dataset: index.text('dataset', row)!, group: index.text('group', row)!, skeleton: index.text('skeleton', row),
        fps: (has(row) & HAS.fps) === 0 ? null : fps(row), width: width(row), height: height(row), frames: frames(row),
        persons: persons(row), joints: joints(row), dims: dims(row) as Clip['dims'], unit: index.text('unit', row) as Clip['unit'],
        source: index.text('source', row)!, keypoints: hasKeypoints ? lists.floats(row, KEYPOINTS, fresh) : null, states: hasKeypoints ? lists.bytes(row, STATES, fresh) : null,
        raw: null, time: lists.floats(row, TIME, fresh), boxes: (has(row) & HAS.boxes) === 0 ? null : lists.floats(row, BOXES, fresh),
        signals: signals === null ? null : { names: signals, values: lists.floats(row, SIGNALS, fresh) }, calibration,
        labels: {
          action: index.text('action', row), officialSplit: index.text('officialSplit', row) as Side | null, sides, view: index.text('view', row),
          subject: index.text('subject', row), scene: index.text('scene', row), camera: index.text('camera', row), phases, segments,
        },
        flags, files: [],
      }
    },
    confirm: () => files.confirm(),
    close: () => files.close(),
  }
}

/** A number of each clip; its section is read when it is first asked for: of a million clips it is some MB. */
function factIn(index: IndexReader, name: NumericSection): (row: number) => number {
  let section: InstanceType<(typeof numericSections)[NumericSection]> | null = null
  return (row) => (section ??= index.numbers(name))[row]!
}
