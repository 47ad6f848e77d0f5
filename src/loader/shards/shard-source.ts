import type { Clip } from '../../clip.ts'
import type { Side } from '../../split.ts'
import type { ClipSource } from '../clip-source.ts'
import { openFiles } from './blocks.ts'
import { parseDetails } from './clip-details.ts'
import { HAS, LISTS } from './index-layout.ts'
import { readIndex } from './index-reader.ts'
import type { OpenedShards } from './opened.ts'
import { shardName } from './shard-writer.ts'

type List = (typeof LISTS)[number]
const ITEM_BYTES: Readonly<Record<List, number>> = { keypoints: 4, states: 1, time: 4, boxes: 4, signals: 4, details: 1 }

/**
 * The clips of opened shards, in any thread. A batch is hashed at the first use of one of its clips; from then on a clip's keypoints are a view of shared memory, or
 * one read at a place of a file. What it throws is E_SHARD_DAMAGED: `heal` the shards, then ask again.
 */
export function sourceOf(opened: OpenedShards): ClipSource {
  const { entry, resident } = opened
  const files = openFiles(opened.folder, entry)
  const index = readIndex(opened, files)
  const sound = new Uint8Array(opened.sound)
  const offsets = new Int32Array(opened.offsets)
  let scratch = new ArrayBuffer(0)

  /** Reads a whole batch once in a process: it must have its sha256; where its clips lie is kept, and it itself where there is room. */
  function need(batch: number): void {
    const flag = entry.sections.length + batch
    if (Atomics.load(sound, flag) === 1) return
    const [shard, start, bytes] = [index.numbers('batch.shard')[batch]!, index.numbers('batch.start')[batch]!, index.numbers('batch.bytes')[batch]!]
    const expected = Buffer.from(index.numbers('batch.sha256').subarray(32 * batch, 32 * (batch + 1))).toString('hex')
    const block = files.readBlock(shardName(shard), start, bytes, expected)
    const [first, length] = [firstOffset(batch), clipsOf(batch) + 1]
    LISTS.forEach((_, list) => offsets.set(new Int32Array(block.buffer, index.numbers('batch.buffers')[2 * (LISTS.length * batch + list)]!, length), first + list * length))
    const memory = resident[shard]
    if (memory) new Uint8Array(memory).set(block, start)
    Atomics.store(sound, flag, 1)
  }

  function clipsOf(batch: number): number {
    const firsts = index.numbers('batch.first')
    return (firsts[batch + 1] ?? entry.clips) - firsts[batch]!
  }

  /** Where a batch's offsets begin: each batch before has one per list more than it has clips. */
  function firstOffset(batch: number): number {
    return LISTS.length * (index.numbers('batch.first')[batch]! + batch)
  }

  /** Where a clip's values of a list lie, in bytes. */
  function placeOf(row: number, name: List): { shard: number; start: number; bytes: number } {
    const batch = index.numbers('batch')[row]!
    need(batch)
    const list = LISTS.indexOf(name)
    const at = firstOffset(batch) + list * (clipsOf(batch) + 1) + index.numbers('place')[row]!
    const values = index.numbers('batch.buffers')[2 * (LISTS.length * batch + list) + 1]!
    const start = index.numbers('batch.start')[batch]! + values + ITEM_BYTES[name] * offsets[at]!
    return { shard: index.numbers('batch.shard')[batch]!, start, bytes: ITEM_BYTES[name] * (offsets[at + 1]! - offsets[at]!) }
  }

  /** The bytes of a list: shared, or read into `room`, which is asked for so many. */
  function bytesOf(row: number, name: List, room: (bytes: number) => ArrayBuffer): Uint8Array<ArrayBufferLike> {
    const { shard, start, bytes } = placeOf(row, name)
    const memory = resident[shard]
    if (memory) return new Uint8Array(memory, start, bytes)
    const into = new Uint8Array(room(bytes), 0, bytes)
    if (bytes > 0) files.readAt(shardName(shard), start, into)
    return into
  }

  const fresh = (bytes: number): ArrayBuffer => new ArrayBuffer(bytes)
  const reused = (bytes: number): ArrayBuffer => {
    if (scratch.byteLength < bytes) scratch = new ArrayBuffer(2 * bytes)
    return scratch
  }
  const has = (row: number, bit: number): boolean => (index.numbers('has')[row]! & bit) !== 0
  const keypointsOf = (row: number, room: (bytes: number) => ArrayBuffer): Float32Array | null => (has(row, HAS.keypoints) ? floats(bytesOf(row, 'keypoints', room)) : null)

  return {
    hash: entry.hash,
    clips: index,
    keypoints: (row) => keypointsOf(row, reused),
    read(row): Clip {
      const text = (name: Parameters<typeof index.text>[0]): string | null => index.text(name, row)
      const number = (name: 'width' | 'height' | 'frames' | 'persons' | 'joints'): number => index.numbers(name)[row]!
      const { flags, calibration, signals, sides, phases, segments } = parseDetails(Buffer.from(bytesOf(row, 'details', fresh)).toString('utf8'))
      return {
        id: index.id(row), dataset: text('dataset')!, group: text('group')!, skeleton: text('skeleton'), fps: has(row, HAS.fps) ? index.numbers('fps')[row]! : null,
        width: number('width'), height: number('height'), frames: number('frames'), persons: number('persons'), joints: number('joints'),
        dims: index.numbers('dims')[row]! as Clip['dims'], unit: text('unit') as Clip['unit'], source: text('source')!,
        keypoints: keypointsOf(row, fresh), states: has(row, HAS.keypoints) ? bytesOf(row, 'states', fresh) : null, raw: null,
        time: floats(bytesOf(row, 'time', fresh)), boxes: has(row, HAS.boxes) ? floats(bytesOf(row, 'boxes', fresh)) : null,
        signals: signals === null ? null : { names: signals, values: floats(bytesOf(row, 'signals', fresh)) }, calibration,
        labels: {
          action: text('action'), officialSplit: text('officialSplit') as Side | null, sides, view: text('view'), subject: text('subject'), scene: text('scene'), camera: text('camera'),
          phases, segments,
        },
        flags, files: [],
      }
    },
    close: () => files.close(),
  }
}

function floats({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBufferLike>): Float32Array {
  return new Float32Array(buffer, byteOffset, byteLength / 4)
}
