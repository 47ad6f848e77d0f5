import { cp } from 'node:fs/promises'
import { onTestFinished } from 'vitest'
import type { Clip } from '../../../src/clip.ts'
import { sha256 } from '../../../src/hash.ts'
import { type OpenedShards, openTrainingShards, type ShardRequest, sourceOf, type TrainingShards } from '../../../src/loader/shards/index.ts'
import { readClips, writeClips } from '../../../src/store/index.ts'
import { madeOnce } from '../../made-once.ts'
import { makeClip, makeClips, skeletons, spatial, three } from '../../store/clips.ts'
import { temporaryFolder } from '../../store/folder.ts'

/** Clips of every kind: one and two persons, two and three axes, signals, a camera, tracks, flags, labels only; 60 of the ordinary ones. */
export const tinyClips: readonly Clip[] = [
  ...makeClips(60), spatial('tiny/b'), makeClip('tiny/a', { frames: 4, persons: 2, fps: 29.97, flags: [], boxes: null }),
  makeClip('tiny/ü', { keypoints: null, states: null, raw: null, skeleton: null, joints: 0, persons: 0 }),
  makeClip('tiny/phases', { labels: { ...makeClip('tiny/phases').labels, phases: [{ start: 0, end: 1, label: 'up "and"' }, { start: 1, end: 3, label: 'down' }] } }),
]

/** A store with `tinyClips` as data set `tiny`. */
export async function tinyStore(clips: readonly Clip[] = tinyClips, change: { readonly bits?: number } = {}): Promise<string> {
  const storeDir = await temporaryFolder()
  if (clips === tinyClips && change.bits === undefined) await cp(await madeOnce('tiny store', (folder) => writeTiny(folder, clips)), storeDir, { recursive: true })
  else await writeTiny(storeDir, clips, change)
  return storeDir
}

export async function writeTiny(storeDir: string, clips: readonly Clip[], change: { readonly bits?: number } = {}): Promise<void> {
  await writeClips({ storeDir, dataset: 'tiny', skeletons: [...skeletons, three], clips, ...change })
}

/** The shards of `tiny`, closed when the test is over. */
export async function openTiny(storeDir: string, change: Partial<ShardRequest> = {}): Promise<TrainingShards> {
  const shards = await openTrainingShards({ storeDir, dataset: 'tiny', memoryBytes: 0, ...change })
  onTestFinished(() => shards.close())
  return shards
}

/** Every clip of opened shards, in order. */
export function readAll(opened: OpenedShards): Clip[] {
  const source = sourceOf(opened)
  const clips = Array.from({ length: source.clips.count }, (_, row) => source.read(row))
  source.close()
  return clips
}

/** Clips as shards give them back: `readClips` without the raw files. */
export async function expectedClips(storeDir: string, dataset = 'tiny', ids?: readonly string[]): Promise<Clip[]> {
  return (await readClips(storeDir, dataset, ids)).map((clip) => ({ ...clip, files: [] }))
}

/** All of a clip, numbers bit for bit, as one short text: deep comparison of every number of a data set takes minutes. */
export function digestOf(clip: Clip): string {
  return sha256(JSON.stringify(clip, (_, value: unknown) => (ArrayBuffer.isView(value) ? `${value.constructor.name} ${sha256(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))}` : value)))
}
