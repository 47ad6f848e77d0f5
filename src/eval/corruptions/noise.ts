import { jittered, squareOf } from '../../transforms/index.ts'
import type { CorruptionKind } from './corruption.ts'

/** Every coordinate moves by N(0, (level x side)^2), side = the longer side of the tight box around the clip's joints. */
export const noise: CorruptionKind = {
  name: 'noise', summary: 'every coordinate moves', unit: "deviation, share of the clip's box", levels: [0, 0.02, 0.05, 0.1],
  corrupt: (clip, { level, random }) => ({ clip: jittered(clip, level * squareOf(clip, 0).side, random), moments: null }),
}
