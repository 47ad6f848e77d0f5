import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clip } from '../../src/clip.ts'
import { sha256 } from '../../src/hash.ts'
import { ENTRY_FILE, type Entry, FORMAT, INDEX_FILE } from '../../src/loader/shards/entry.ts'
import { createIndexWriter } from '../../src/loader/shards/index-writer.ts'
import { createShardWriter } from '../../src/loader/shards/shard-writer.ts'
import type { Skeleton } from '../../src/skeleton.ts'
import { sealJson } from '../../src/store/index.ts'

export type Many = { readonly count: number; readonly frames: number; readonly skeleton: Skeleton }

/** Training shards of `count` clips of so many frames, written into a folder. */
export async function writeMany(folder: string, { count, frames, skeleton }: Many): Promise<Entry> {
  mkdirSync(folder, { recursive: true })
  const like = firstClip(frames, skeleton)
  const index = createIndexWriter()
  const writer = createShardWriter(folder, index)
  for (let number = 0; number < count; number++) await writer.add(clipOf(number, like))
  const shards = await writer.finish()
  const { parts, sections, ...found } = index.finish()
  const bytes = Buffer.concat(parts)
  writeFileSync(join(folder, INDEX_FILE), bytes)
  const key = sha256(`many ${count}`)
  const entry: Entry = { format: FORMAT, key, dataset: 'many', root: key, ...found, pictures: null, shards, index: { file: INDEX_FILE, bytes: bytes.length, sha256: sha256(bytes) }, sections }
  writeFileSync(join(folder, ENTRY_FILE), sealJson(entry))
  return entry
}

/** The same clip under another name, its first joint elsewhere. */
function clipOf(number: number, like: Clip): Clip {
  const keypoints = like.keypoints!.slice()
  keypoints[0] = number / 1024
  return { ...like, id: `many/${String(number).padStart(8, '0')}`, keypoints, labels: { ...like.labels, action: `action ${number % 15}` } }
}

function firstClip(frames: number, skeleton: Skeleton): Clip {
  const joints = skeleton.joints.length
  return {
    id: '', dataset: 'many', group: 'one', skeleton: skeleton.name, fps: 30, width: 480, height: 360, frames, persons: 1, joints, dims: 2, source: 'synthetic', unit: 'px',
    keypoints: Float32Array.from({ length: frames * joints * 3 }, (_, i) => (i % 3 === 2 ? 1 : i)), states: new Uint8Array(frames * joints), raw: null,
    time: Float32Array.from({ length: frames }, (_, t) => t), boxes: null, signals: null, calibration: null, flags: [], files: [],
    labels: { action: null, officialSplit: null, sides: {}, view: null, subject: null, scene: null, camera: null, phases: null, segments: [] },
  }
}
