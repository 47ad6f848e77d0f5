import { withoutPoints } from '../../transforms/index.ts'
import type { CorruptionKind } from './corruption.ts'

/** Each joint of each person and frame is absent with this chance, every one for itself. Levels: specs of LA2DS's robustness, 9.5. */
export const missing: CorruptionKind = {
  name: 'missing', summary: 'each joint of each frame is absent', unit: 'share of joints', levels: [0, 0.1, 0.2, 0.3, 0.4, 0.5],
  corrupt: (clip, { level, random }) => {
    const points = clip.persons * clip.joints
    const dropped = Array.from({ length: clip.frames * points }, (_, at) => at).filter(() => random.chance(level))
    return { clip: withoutPoints(clip, dropped.map((at) => ({ point: at % points, start: Math.floor(at / points), end: Math.floor(at / points) + 1 }))), moments: null }
  },
}
