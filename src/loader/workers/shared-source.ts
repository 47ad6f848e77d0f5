import type { Clip } from '../../clip.ts'
import type { ClipSource } from '../clip-source.ts'
import { joinPictures, joinSources } from '../joined-source.ts'
import { sourceOfClips } from '../memory-source.ts'
import type { FrameSource } from '../frames/index.ts'
// file by file: `shards/index.ts` loads the store too, and most of a thread's start would be that
import type { OpenedShards } from '../shards/opened.ts'
import { picturesOf } from '../shards/picture-source.ts'
import { sourceOf } from '../shards/shard-source.ts'

/** A source as it crosses to other threads. */
export type SharedSource =
  | { readonly kind: 'clips'; readonly clips: readonly Clip[] }
  | { readonly kind: 'shards'; readonly opened: OpenedShards }
  | { readonly kind: 'joined'; readonly sources: readonly SharedSource[] }

/** Clips as a source for other threads, which see the same joints in memory instead of copies. */
export function sharedClips(clips: readonly Clip[]): SharedSource {
  return { kind: 'clips', clips: clips.map((clip) => ({ ...clip, keypoints: clip.keypoints && shared(clip.keypoints) })) }
}

/** The source, in whichever thread. */
export function openShared(source: SharedSource): ClipSource {
  switch (source.kind) {
    case 'clips': return sourceOfClips(source.clips)
    case 'shards': return sourceOf(source.opened)
    case 'joined': return joinSources(source.sources.map(openShared))
  }
}

/** The pictures that training shards were made with; null = the source has none of its own. */
export function sharedPictures(source: SharedSource): FrameSource | null {
  switch (source.kind) {
    case 'clips': return null
    case 'shards': return picturesOf(source.opened)
    case 'joined': return joinPictures(source.sources.map((one) => ({ source: openShared(one), pictures: sharedPictures(one) })))
  }
}

function shared(numbers: Float32Array): Float32Array {
  const copy = new Float32Array(new SharedArrayBuffer(numbers.byteLength))
  copy.set(numbers)
  return copy
}
