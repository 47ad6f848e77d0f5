import type { Encoder } from '../../encoder.ts'
import { toTensor } from './coordinates.ts'

/** `baseline/constant`: the same for every frame: every nearest neighbour is the first frame. */
export const constant: Encoder = {
  name: 'baseline/constant',
  embed: async (clips) => clips.map((clip) => toTensor(clip, [])),
}
