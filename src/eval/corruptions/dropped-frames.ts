import { selectFrames, subset } from '../../transforms/index.ts'
import type { CorruptionKind } from './corruption.ts'

/** floor(level x frames) frames are gone, every subset equally likely, one frame at least stays: the encoder sees a shorter clip, counted from 0. */
export const droppedFrames: CorruptionKind = {
  name: 'dropped-frames', summary: 'frames are gone, the rest close up', unit: 'share of frames', levels: [0, 0.1, 0.2, 0.3, 0.4, 0.5],
  corrupt: (clip, { level, random }) => {
    const kept = subset(clip.frames, Math.max(1, clip.frames - Math.floor(level * clip.frames)), random)
    return { clip: selectFrames(clip, kept), moments: Float64Array.from(kept) }
  },
}
