import type { Encoder } from '../../encoder.ts'
import { toTensor } from './coordinates.ts'

/** `baseline/count`: (t / T, t), the frame counter. It sees no joint at all: what scores no higher than this has shown nothing. */
export const count: Encoder = {
  name: 'baseline/count',
  embed: async (clips) => clips.map((clip) => {
    const frames = Float64Array.from({ length: clip.frames }, (_, t) => t)
    return toTensor(clip, [frames.map((t) => t / clip.frames), frames])
  }),
}

/** `baseline/count-share`: t / T alone: how much of the view has passed. The harder counter to beat where views are cut around an event. */
export const countShare: Encoder = {
  name: 'baseline/count-share',
  embed: async (clips) => clips.map((clip) => toTensor(clip, [Float64Array.from({ length: clip.frames }, (_, t) => t / clip.frames)])),
}
